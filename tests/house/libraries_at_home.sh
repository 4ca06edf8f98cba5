#!/usr/bin/env bash
# Lists the includes of a library outside the one room that wraps it.
set -euo pipefail

found=0
at_home() {
  local library=$1 room=$2
  if grep -rnE --include='*.[ch]pp' "#include *[<\"]($library)[/.]" sim | grep -v "^sim/$room/"; then
    echo "only sim/$room may include $library"
    found=1
  fi
}
at_home 'yaml-cpp' input
at_home 'openssl' input
at_home 'simgrid|xbt' engine
at_home 'boost/program_options' cli
exit $found

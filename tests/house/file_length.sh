#!/usr/bin/env bash
# Lists the files of code over 350 lines.
set -euo pipefail

find sim tests scripts .ci -type f ! -name '*.txt' ! -name '*.yaml' -exec wc -l {} + |
  awk '$2 != "total" && $1 > 350 { print $2 ": " $1 " lines"; bad = 1 } END { exit bad }'

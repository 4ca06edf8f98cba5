#!/usr/bin/env bash
# Lists the functions of sim/ over 60 lines.
set -euo pipefail
command -v ctags >/dev/null || { echo "needs universal-ctags"; exit 77; }

ctags -R --languages=C++ --kinds-C++=f --fields=+ne -f - sim | awk -F'\t' '
  {
    first = last = 0
    for (i = 4; i <= NF; i++) {
      if ($i ~ /^line:/) first = substr($i, 6)
      if ($i ~ /^end:/) last = substr($i, 5)
    }
    lines = last - first + 1
    if (last && lines > 60) { print $2 ":" first ": " $1 " has " lines " lines"; bad = 1 }
  }
  END { exit bad }'

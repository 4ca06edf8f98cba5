#!/usr/bin/env bash
# Lists the includes of sim/ that break the order of the rooms, which is the order of sim/CMakeLists.txt.
set -euo pipefail

order=$(sed -n 's/^foreach(room \(.*\))$/\1/p' sim/CMakeLists.txt)
[ -n "$order" ] || { echo "no order of rooms in sim/CMakeLists.txt"; exit 1; }

find sim -mindepth 2 -name '*.[ch]pp' -exec awk -v order="$order" '
  BEGIN { n = split(order, rooms, " "); for (i = 1; i <= n; i++) rank[rooms[i]] = i }
  FNR == 1 { split(FILENAME, path, "/"); room = path[2]; if (!(room in rank)) say("its room is not in sim/CMakeLists.txt") }
  match($0, /^#include "[a-z_]+\//) {
    other = substr($0, 11, RLENGTH - 11)
    if (!(other in rank)) say("includes " other ", which is no room")
    else if (rank[other] > rank[room]) say("includes " other ", which comes after " room)
  }
  function say(what) { print FILENAME ":" FNR ": " what; bad = 1 }
  END { exit bad }' {} +

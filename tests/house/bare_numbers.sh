#!/usr/bin/env bash
# Lists the uses of Quantity::si outside the rooms that turn quantities into text and into SimGrid's doubles.
set -euo pipefail

! grep -rnE --include='*.[ch]pp' '\.si\b' sim | grep -vE '^sim/(units|input|engine)/'

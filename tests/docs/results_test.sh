#!/usr/bin/env bash
# The tables of results/ are what the program prints now; results/bench/ holds times, which differ. Usage: results_test.sh TRAINGRID
set -euo pipefail
cd "$(dirname "$0")/../.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
TRAINGRID=$1 TRAINGRID_CATALOGUE=$PWD scripts/results "$fresh" >/dev/null
diff -r --exclude=README.md --exclude=bench --exclude=claims --exclude=validation results "$fresh" && echo "all tables are up to date"

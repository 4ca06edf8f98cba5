#!/usr/bin/env bash
# The table of public claims is what the program prints now. Usage: claims_test.sh TRAINGRID
set -euo pipefail
cd "$(dirname "$0")/../.."
python3 -c 'import yaml' 2>/dev/null || { echo "skipped: needs python3-yaml"; exit 77; }
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
TRAINGRID=$1 TRAINGRID_CATALOGUE=$PWD scripts/claims "$fresh"
diff results/claims/claims.md "$fresh" && echo "all claims are up to date"

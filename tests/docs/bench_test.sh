#!/usr/bin/env bash
# scripts/bench measures a case and writes its page and its table. Usage: bench_test.sh TRAINGRID
set -euo pipefail
cd "$(dirname "$0")/../.."
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
TRAINGRID=$1 TRAINGRID_CATALOGUE=$PWD scripts/bench --repetitions 1 --only megatron-1t "$fresh"
grep -q '^| megatron-1t, 3,072 | [0-9.]* | ' "$fresh/bench.md"
grep -q '^budget,"megatron-1t, 3,072",traingrid run megatron-1t,' "$fresh/bench.csv"
TRAINGRID=$1 TRAINGRID_CATALOGUE=$PWD scripts/bench --limit 0.001 --only megatron-1t "$fresh"
grep -q '^| megatron-1t, 3,072 | > 0.001, exceeded | ' "$fresh/bench.md"

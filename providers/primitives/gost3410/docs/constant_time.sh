#!/usr/bin/env bash
# Shows that the back-end with AVX-512 IFMA is constant-time: no valgrind can run it.
# Needs Linux on an x86-64 processor with IFMA, GFNI and AVX-512 VBMI, binutils and python3; ten minutes.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
target="${CONSTANT_TIME_TARGET:-$(mktemp -d)}"
[ -n "${CONSTANT_TIME_TARGET:-}" ] || trap 'rm -rf "$target"' EXIT
RUSTFLAGS='--cfg gost3410_backend="ifma"' \
  cargo build --quiet --release --locked --target-dir "$target" -p gost3410 --examples
program="$target/release/examples/sign_secret"

echo "== instructions whose addresses are data: must be none"
! objdump -d --no-show-raw-insn "$program" | grep -E 'v?p?(gather|scatter)[dq]'

echo "== the functions of the lanes: conditional jumps, and loads with an index"
objdump -d --no-show-raw-insn "$program" | python3 providers/primitives/gost3410/docs/jumps.py

echo "== traces"
watch() {
  python3 providers/primitives/gost-hash/docs/constant_time.py "$program" "$3" \
    --runs "$4" --arguments "id-tc26-gost-3410-$1 $2"
}
for set in 2012-256-paramSetA 2012-256-paramSetB; do
  watch "$set" sign watched_sign "${RUNS:-8}"
  watch "$set" agree watched_agree 2
done
for set in 12-512-paramSetA 2012-512-paramSetC; do
  watch "$set" sign watched_sign 2
done

echo "== and a verification, in variable time, which must be noticed"
if watch 2012-256-paramSetA verify watched_verify 2; then
  echo "variable time went unnoticed"
  exit 1
fi

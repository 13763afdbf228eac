#!/usr/bin/env bash
# Shows that the vector back-ends are constant-time, and that the showing would fail for look-ups.
# Needs Linux on an x86-64 processor with GFNI and AVX-512 VBMI, binutils and python3.
set -euo pipefail
cd "$(dirname "$0")/../../../.."
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
build() { cargo build --quiet --release --locked --target-dir "$target/$1" -p gost-hash -p gost-symmetric --examples; }
watch() { python3 providers/primitives/gost-hash/docs/constant_time.py "$target/$1/release/examples/$2" "${@:3}"; }
build vector
watch vector hash_secret 4gfni6vector6update 4gfni6vector7advance
watch vector encrypt_secret 4gfni6vector7encrypt 4gfni6vector7decrypt 4gfni6vector8schedule 6pclmul3sum
RUSTFLAGS="--cfg gost_portable" build portable
if watch portable hash_secret 8streebog9block_api1g; then
  echo "table look-ups went unnoticed"
  exit 1
fi

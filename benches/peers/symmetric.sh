#!/usr/bin/env bash
# Our hashes and ciphers beside those of Debian's libraries, in one run on one core.
# Needs: libssl-dev libengine-gost-openssl libgcrypt20-dev nettle-dev libbotan-2-dev, cc, c++.
# BENCH_MS, BENCH_FILTER: see src/bench.rs.
set -euo pipefail
cd "$(dirname "$0")"
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
cc -O2 -w -o "$programs/openssl" c/openssl.c -lcrypto
cc -O2 -w -o "$programs/gcrypt" c/gcrypt.c -lgcrypt
cc -O2 -w -o "$programs/nettle" c/nettle.c -lnettle
c++ -O2 -w -I/usr/include/botan-2 -o "$programs/botan" c/botan.cpp -lbotan-2
cargo build --quiet --release --locked -p gost-ca-peers --bin symmetric
ours="$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/symmetric"
for program in "$ours" "$programs"/*; do
  taskset -c "${BENCH_CORE:-0}" "$program"
done | sort -t "$(printf '\t')" -k 2,2 -k 3,3 -k 4,4nr |
  awk -F '\t' '{
    work = $2 "\t" $3
    if (work != last) { printf "\n%s, %s\n", $2, $3; last = work }
    printf "  %-22s %8.1f MB/s\n", $1, $4 / 1e6
  }'

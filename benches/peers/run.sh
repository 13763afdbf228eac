#!/usr/bin/env bash
# Our signatures beside those of Debian's libraries: in turn, on one core, best of several rounds.
#
#   benches/peers/run.sh           a few minutes
#   benches/peers/run.sh quick     half a minute, noisy
#
# Rows, separated by tabs: set, work, back-end, ours a second, fastest peer, its figure, ratio.
# A batch or a prepared key is compared with the peer's plain operation: peers have neither.
# BENCH_FILTER and BENCH_CORE choose rows and the core.
set -euo pipefail
cd "$(dirname "$0")"
rounds=3
export BENCH_MS="${BENCH_MS:-300}"
if [ "${1:-}" = quick ]; then rounds=1 BENCH_MS=60; fi
packages=()
for package in libssl-dev libengine-gost-openssl libgcrypt20-dev nettle-dev libgmp-dev libbotan-2-dev gcc g++; do
  dpkg -s "$package" >/dev/null 2>&1 || packages+=("$package")
done
if [ "${#packages[@]}" -gt 0 ]; then
  apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >&2
fi
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
cc -O2 -w -o "$programs/openssl" c/signatures_openssl.c -lcrypto
cc -O2 -w -o "$programs/gcrypt" c/signatures_gcrypt.c -lgcrypt
cc -O2 -w -o "$programs/nettle" c/signatures_nettle.c -lhogweed -lnettle -lgmp
c++ -O2 -w -I/usr/include/botan-2 -o "$programs/botan" c/signatures_botan.cpp -lbotan-2
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
cargo build --quiet --release --locked -p gost-ca-peers --bin gost-ca-peers
cp "$target/release/gost-ca-peers" "$programs/fastest"
RUSTFLAGS='--cfg gost3410_backend="portable"' cargo build --quiet --release --locked \
  -p gost-ca-peers --bin gost-ca-peers --target-dir "$target/portable"
cp "$target/portable/release/gost-ca-peers" "$programs/portable"
for _ in $(seq "$rounds"); do
  for program in fastest portable openssl nettle gcrypt botan; do
    BENCH_PEER="ours-$program" taskset -c "${BENCH_CORE:-0}" "$programs/$program"
  done
done | awk -F '\t' -v OFS='\t' '
  { row = $1 FS $2 FS $3; if ($4 > best[row]) best[row] = $4 }
  END {
    for (row in best) {
      split(row, field, FS)
      plain = field[2] FS field[3]
      sub(/,.*/, "", plain)
      if (field[1] ~ /^ours-/) ours[row] = plain
      else if (best[row] > fastest[plain]) { fastest[plain] = best[row]; name[plain] = field[1] }
    }
    for (row in ours) {
      split(row, field, FS); plain = ours[row]
      ratio = fastest[plain] ? sprintf("%.2f", best[row] / fastest[plain]) : "-"
      print field[2], field[3], substr(field[1], 6), best[row], name[plain], fastest[plain], ratio
    }
  }' | sort -t "$(printf '\t')" -k 1,1 -k 3,3 -k 2,2

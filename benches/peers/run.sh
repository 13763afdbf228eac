#!/usr/bin/env bash
# Our speed beside that of other implementations: in turn, on one core, the best of several rounds.
#
#   benches/peers/run.sh              some eight minutes, and the builds before
#   benches/peers/run.sh quick        one short round, noisy
#   benches/peers/run.sh markdown     the tables of docs/performance.md instead of rows
#
# Rows, separated by tabs: subject, work, back-end, ours a second (megabytes for what has a length),
# fastest peer, its figure, ratio, the ratio wanted (targets.tsv). Without AVX-512 its rows are "skipped".
# A batch, a prepared key and several messages at a time are compared with the peer's plain work: peers
# have none of them. It ends with an error when a peer cannot be built, fails, or says nothing.
# BENCH_GROUPS (beginnings of subjects), BENCH_ROUNDS, BENCH_MS (a row) and BENCH_CORE choose.
set -euo pipefail
cd "$(dirname "$0")"
rounds="${BENCH_ROUNDS:-4}" form=rows
export BENCH_MS="${BENCH_MS:-300}"
for word in "$@"; do
  case "$word" in
    quick) rounds=1 BENCH_MS=60 ;;
    markdown) form=markdown ;;
    *) echo "unknown: $word" >&2; exit 2 ;;
  esac
done
groups="${BENCH_GROUPS:-256-A 256-B 256-C 256-D 512-A 512-B 512-C Streebog Kuznyechik Magma}"

packages=()
for package in libssl-dev libengine-gost-openssl libgcrypt20-dev nettle-dev libgmp-dev libgnutls28-dev \
  libbotan-2-dev libbcprov-java openjdk-17-jdk-headless gcc g++; do
  dpkg -s "$package" >/dev/null 2>&1 || packages+=("$package")
done
if [ "${#packages[@]}" -gt 0 ]; then
  apt-get update -q >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >&2
fi

programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
cc -O2 -w -o "$programs/openssl" c/openssl.c -lcrypto
cc -O2 -w -o "$programs/openssl-certificates" c/certificates.c -lcrypto
cc -O2 -w -o "$programs/gcrypt" c/gcrypt.c -lgcrypt
cc -O2 -w -o "$programs/nettle" c/nettle.c -lhogweed -lnettle -lgmp
cc -O2 -w -o "$programs/gnutls" c/gnutls.c -lgnutls
c++ -O2 -w -I/usr/include/botan-2 -o "$programs/botan" c/botan.cpp -lbotan-2
bouncy_castle=/usr/share/java/bcprov.jar
javac -nowarn -cp "$bouncy_castle" -d "$programs/java" java/Peer.java
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
cargo build --quiet --release --locked -p gost-ca-peers
for program in signatures symmetric certificates crates; do
  cp "$target/release/$program" "$programs/$program"
done
RUSTFLAGS='--cfg gost3410_backend="portable" --cfg gost_portable' cargo build --quiet --release --locked \
  -p gost-ca-peers --no-default-features --bin signatures --target-dir "$target/portable"
cp "$target/portable/release/signatures" "$programs/portable"

back_end=avx-512
for feature in avx512ifma avx512vbmi gfni; do
  grep -qw "$feature" "${BENCH_CPUINFO:-/proc/cpuinfo}" || back_end=other
done

measure() {
  local group="$1" program core="${BENCH_CORE:-0}"
  for program in signatures symmetric certificates; do
    BENCH_PEER="ours $back_end" taskset -c "$core" "$programs/$program" "$group"
  done
  BENCH_PEER="ours portable" taskset -c "$core" "$programs/portable" "$group"
  for program in openssl openssl-certificates nettle gnutls gcrypt botan crates; do
    taskset -c "$core" "$programs/$program" "$group"
  done
  taskset -c "$core" java -XX:+UseSerialGC -cp "$bouncy_castle:$programs/java" Peer "$group"
}
# GnuTLS says nothing but where it has a curve: a peer may be silent in a group, not in all of them.
peers="OpenSSL with gost-engine,nettle,GnuTLS,libgcrypt,Botan,Bouncy Castle,crate primeorder,crate streebog,crate mgm"
[ -z "${BENCH_GROUPS:-}" ] || peers=""
for _ in $(seq "$rounds"); do
  for group in $groups; do measure "$group"; done
done | awk -v peers="$peers" -v back_end="$back_end" -v groups="$groups" -v form="$form" -f table.awk targets.tsv -

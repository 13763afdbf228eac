#!/usr/bin/env bash
# Passes all tests: installs what is missing, then formats, lints, documents, tests, interoperates.
# With --wine, also the binding of CryptoPro CSP under Wine.
set -euo pipefail
# shellcheck disable=SC2086 # $all is two words
cd "$(dirname "$0")/.."
export CARGO_TERM_COLOR=never
# everything that is off by default
all="--features gost-ca-documents/pdf,gost-ca-documents/xml"
step() { printf '\n== %s (after %s s)\n' "$*" "$SECONDS"; }

step "tools"
packages=()
command -v openssl >/dev/null || packages+=(openssl)
command -v c++ >/dev/null || packages+=(g++ libc6-dev)
command -v certtool >/dev/null || packages+=(gnutls-bin)
command -v python3 >/dev/null || packages+=(python3)
command -v pkcs11-tool >/dev/null || packages+=(opensc)
command -v xmllint >/dev/null || packages+=(libxml2-utils)
command -v xmlsec1 >/dev/null || packages+=(xmlsec1)
command -v qpdf >/dev/null || packages+=(qpdf)
command -v pdfsig >/dev/null || packages+=(poppler-utils)
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || packages+=(fonts-dejavu-core)
command -v valgrind >/dev/null || packages+=(valgrind)
command -v softhsm2-util >/dev/null || packages+=(softhsm2)
command -v chromium >/dev/null || packages+=(chromium)
command -v chromedriver >/dev/null || packages+=(chromium-driver)
[ -e /usr/include/openssl/evp.h ] || packages+=(libssl-dev)
openssl engine gost >/dev/null 2>&1 || packages+=(libengine-gost-openssl)
if [ "${#packages[@]}" -gt 0 ]; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
fi
rustup target add wasm32-unknown-unknown

step "format"
cargo fmt --all --check

step "lints"
cargo clippy --locked --workspace $all -- -D warnings
# tests, benches and examples fail by panicking, and may be long
cargo clippy --locked --workspace $all --all-targets -- -D warnings \
  -A clippy::unwrap_used -A clippy::expect_used -A clippy::panic -A clippy::indexing_slicing \
  -A clippy::arithmetic_side_effects -A clippy::as_conversions -A clippy::too_many_lines \
  -A clippy::cognitive_complexity -A clippy::excessive_nesting -A clippy::allow_attributes

step "without what is off by default"
cargo check --locked --workspace --example documents

step "documents"
RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace $all --no-deps --document-private-items

step "the core, the primitives and the containers for WebAssembly"
RUSTFLAGS="-D warnings" cargo build --locked --target wasm32-unknown-unknown \
  -p gost-hash -p gost-symmetric -p gost3410 -p gost-key-files -p gost-ca -p gost-ca-software -p workplace --lib

step "tests, those that need other people's tools included"
export LOAD_USERS="${LOAD_USERS:-5000}" KILL_POINTS="${KILL_POINTS:-100}" WALK_STEPS="${WALK_STEPS:-10000}"
cargo test --locked --workspace $all --no-run
# these keep one core busy for minutes each: beside the others
long="sixteen_million the_desk_does_what_the_model_says nothing_is_lost_at_any_kill_point
  portable_back_end adx_back_end leaks_are_noticed"
cargo test --locked --workspace $all --test derivation --test walks --test crash --test constant_time -- \
  --include-ignored $long >target/long.log 2>&1 &
beside=$!
# shellcheck disable=SC2046 # words
cargo test --locked --workspace $all -- --include-ignored --skip a_real_csp $(printf -- '--skip %s ' $long)
wait "$beside" || { cat target/long.log; exit 1; }
[ "$(grep -c '^test .* ok$' target/long.log)" -eq 6 ] || { cat target/long.log; exit 1; }

step "the primitives with the legacy algorithms"
cargo test --locked -p gost-hash -p gost-symmetric --all-features -- --include-ignored --skip sixteen_million

step "the primitives without vector code"
RUSTFLAGS='--cfg gost_portable --cfg gost3410_backend="portable"' cargo test --locked --target-dir target/portable \
  -p gost-hash -p gost-symmetric -p gost3410 --all-features

step "signatures with each back-end"
for back_end in adx ifma; do
  case "$back_end" in
    adx) needed="adx bmi2" ;;
    ifma) needed="adx bmi2 avx512ifma avx512vl avx512dq" ;;
  esac
  for feature in $needed; do
    if ! grep -qw "$feature" /proc/cpuinfo; then
      echo "skipped: this processor has no $feature for the back-end $back_end"
      continue 2
    fi
  done
  RUSTFLAGS="--cfg gost3410_backend=\"$back_end\"" cargo test --locked --target-dir "target/$back_end" -p gost3410
done

step "fuzz targets"
FUZZ_PROFILE=smoke fuzz/run.sh "${FUZZ_SECONDS:-5}"

if [ "${1:-}" = --wine ]; then
  step "the binding of CryptoPro CSP under Wine"
  tests/wine.sh
fi

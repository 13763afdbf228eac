#!/usr/bin/env bash
# Builds all fuzz targets on the pinned stable toolchain and runs each: fuzz/run.sh [seconds] [target...]
# FUZZ_PROFILE=smoke builds sooner and runs slower: for a few seconds of each.
#
# What a run finds on the way is kept in fuzz/corpus/<target>; inputs that break a promise in
# fuzz/artifacts/<target>, and the run fails.
set -euo pipefail
cd "$(dirname "$0")"
seconds="${1:-30}"
shift || true
targets=("$@")
if [ "${#targets[@]}" -eq 0 ]; then
  for source in targets/*.rs; do targets+=("$(basename "$source" .rs)"); done
fi

samples=../tests/data/samples
seeds() {
  case "$1" in
    applications) echo ../examples/data ;;
    bulk) echo ../examples/data seeds/bulk ;;
    certificate) echo "$samples"/ca-ru "$samples"/ee "$samples"/testca "$samples"/generated "$samples"/malformed ;;
    checkpoint) echo ../tests/golden/audit ;;
    crl) echo "$samples"/crl "$samples"/generated "$samples"/malformed ;;
    entry) echo ../tests/golden seeds/entry ;;
    lint) echo "$samples"/ca-ru "$samples"/testca "$samples"/csr "$samples"/crl "$samples"/malformed ;;
    pdf_signature) echo ../providers/documents/tests/data/pdf ;;
    pfx) echo seeds/pfx "$samples"/keys "$samples"/csp/blobs ;;
    private_key) echo "$samples"/keys ;;
    request) echo "$samples"/csr "$samples"/generated "$samples"/malformed ;;
    sealed_message | service | signed_message) echo "$samples"/generated ;;
    xml_signature) echo ../providers/documents/tests/data/xml ;;
    *) echo "seeds/$1" ;;
  esac
}

# What cargo-fuzz gives to the compiler, but for the address sanitizer, which wants a nightly one.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
# Naming the host keeps the flags from build scripts.
host="$(rustc -vV | sed -n 's/^host: //p')"
folder="${CARGO_TARGET_DIR:-target}/fuzz"
profile="${FUZZ_PROFILE:-release}"
cargo build --profile "$profile" --target "$host" --target-dir "$folder"

# shellcheck disable=SC2046,SC2317 # the folders have no spaces; called below
feed() {
  mkdir -p "corpus/$1" "artifacts/$1"
  local log="artifacts/$1/log"
  if "$folder/$host/$profile/$1" "corpus/$1" $(seeds "$1") \
    -max_total_time="$seconds" -runs="${FUZZ_RUNS:--1}" -artifact_prefix="artifacts/$1/" -rss_limit_mb=2048 \
    -timeout=10 -max_len=65536 -print_final_stats=1 >"$log" 2>&1; then
    printf '\n== %s\n%s\n' "$1" "$(grep -E '^(Done|stat::number_of_executed_units|stat::new_units_added)' "$log")"
  else
    printf '\n== %s\n%s\n' "$1" "$(tail -n 60 "$log")"
    return 1
  fi
}

# as many at once as there are cores
export folder host profile samples seconds
export -f feed seeds
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -n 1 bash -c 'feed "$1"' feed

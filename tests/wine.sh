#!/usr/bin/env bash
# Runs the binding of CryptoPro CSP under Wine: tests/wine.sh
#
# Wine's advapi32 and crypt32 are implementations of CryptoAPI that nobody here wrote. Its own provider (type 24)
# takes the sequences of calls; then the double, as a provider's DLL of types 80 and 81, takes the whole suite.
set -euo pipefail
cd "$(dirname "$0")/.."
target=x86_64-pc-windows-gnu

packages=()
command -v x86_64-w64-mingw32-gcc >/dev/null || packages+=(gcc-mingw-w64-x86-64)
wine="$(command -v wine64 || command -v wine || ls /usr/lib/wine/wine64 2>/dev/null || true)"
[ -n "$wine" ] || packages+=(wine64)
if [ "${#packages[@]}" -gt 0 ]; then
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
  wine="$(command -v wine64 || command -v wine || ls /usr/lib/wine/wine64)"
fi
rustup target add "$target"

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
export WINEPREFIX="$folder/prefix" WINEDEBUG=-all
# Rust's library wants ProcessPrng, which Wine 8 has not.
cat >"$folder/prng.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE out, SIZE_T length) { return SystemFunction036(out, length); }
C
x86_64-w64-mingw32-gcc -shared -o "$folder/bcryptprimitives.dll" "$folder/prng.c" -ladvapi32

cargo test --locked --target "$target" --no-run -p gost-ca-cryptopro --lib --test double \
  --message-format=json >"$folder/built"
tests="$(sed -n 's/.*"executable":"\([^"]*\.exe\)".*/\1/p' "$folder/built")"
# Cargo builds the double beside the tests, as a dependency of theirs.
cp "${CARGO_TARGET_DIR:-target}/$target/debug/deps/gost_csp_double.dll" "$folder"
for test in $tests; do cp "$test" "$folder"; done

register() { # type, name
  local provider="HKLM\\Software\\Microsoft\\Cryptography\\Defaults\\Provider\\$2"
  "$wine" reg add "$provider" /v "Image Path" /d "Z:${folder//\//\\}\\gost_csp_double.dll" /f
  "$wine" reg add "$provider" /v Type /t REG_DWORD /d "$1" /f
  "$wine" reg add "$provider" /v Signature /t REG_BINARY /d 00 /f
  "$wine" reg add "HKLM\\Software\\Microsoft\\Cryptography\\Defaults\\Provider Types\\Type 0$1" /v Name /d "$2" /f
}
"$wine" wineboot --init >/dev/null 2>&1
register 80 "Crypto-Pro GOST R 34.10-2012 Cryptographic Service Provider"
register 81 "Crypto-Pro GOST R 34.10-2012 Strong Cryptographic Service Provider"
register 75 "Crypto-Pro GOST R 34.10-2001 Cryptographic Service Provider"
cd "$folder"
for test in *.exe; do
  printf '\n-- %s\n' "$test"
  WINEDLLOVERRIDES="bcryptprimitives=n" "$wine" "$test" --test-threads=1
done

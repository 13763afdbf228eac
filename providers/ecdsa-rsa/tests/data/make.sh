#!/usr/bin/env bash
# Makes keys and signatures of "what was signed" with OpenSSL 3: KIND.key (SubjectPublicKeyInfo) and KIND.HASH.sig.
set -euo pipefail
cd "$(dirname "$0")"
folder="$(mktemp -d)"
trap 'rm -r "$folder"' EXIT
printf 'what was signed' >"$folder/message"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$folder/p256"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$folder/p384"
for bits in 1024 2048 4096; do
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out "$folder/rsa$bits"
done
for kind in p256 p384 rsa1024 rsa2048 rsa4096; do
  openssl pkey -in "$folder/$kind" -pubout -outform DER -out "$kind.key"
  for hash in sha256 sha384 sha512; do
    openssl dgst "-$hash" -sign "$folder/$kind" -out "$kind.$hash.sig" "$folder/message"
  done
done
rm -f p384.sha[35]* rsa1024.sha[35]* rsa4096.sha384.sig

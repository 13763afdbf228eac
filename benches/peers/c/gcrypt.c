/* libgcrypt. cc -O2 gcrypt.c -lgcrypt */
#include "bench.h"
#include <gcrypt.h>

static int hash(void *algorithm, size_t length) {
  unsigned char digest[64];
  gcry_md_hash_buffer(*(int *)algorithm, digest, data, length);
  return 1;
}

int main(void) {
  int streebog256 = GCRY_MD_STRIBOG256, streebog512 = GCRY_MD_STRIBOG512;
  peer = "libgcrypt";
  gcry_check_version(NULL);
  hashes("Streebog256", hash, &streebog256);
  hashes("Streebog512", hash, &streebog512);
  return 0;
}

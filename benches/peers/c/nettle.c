/* Nettle, the cryptography of GnuTLS. cc -O2 nettle.c -lnettle */
#include "bench.h"
#include <nettle/streebog.h>

static int hash256(void *unused, size_t length) {
  struct streebog256_ctx context;
  unsigned char digest[32];
  (void)unused;
  streebog256_init(&context);
  streebog256_update(&context, length, data);
  streebog256_digest(&context, sizeof digest, digest);
  return 1;
}

static int hash512(void *unused, size_t length) {
  struct streebog512_ctx context;
  unsigned char digest[64];
  (void)unused;
  streebog512_init(&context);
  streebog512_update(&context, length, data);
  streebog512_digest(&context, sizeof digest, digest);
  return 1;
}

int main(void) {
  peer = "nettle";
  hashes("Streebog256", hash256, NULL);
  hashes("Streebog512", hash512, NULL);
  return 0;
}

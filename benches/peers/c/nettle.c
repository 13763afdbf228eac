/* nettle, the cryptography beneath GnuTLS; it has two of the curves. */
#include "bench.h"
#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/gostdsa.h>
#include <nettle/streebog.h>
#include <sys/random.h>

struct key {
  const struct ecc_curve *curve;
  struct ecc_point point;
  struct ecc_scalar scalar;
  struct dsa_signature signature;
  size_t length;
  uint8_t digest[64];
};

static void fill(void *unused, size_t length, uint8_t *octets) {
  (void)unused;
  if (getrandom(octets, length, 0) != (ssize_t)length) exit(1);
}

static int sign(void *with) {
  struct key *key = with;
  gostdsa_sign(&key->scalar, NULL, fill, key->length, key->digest, &key->signature);
  return 1;
}

static int verify(void *with) {
  struct key *key = with;
  return gostdsa_verify(&key->point, key->length, key->digest, &key->signature);
}

static int generate(void *with) {
  struct ecc_point point;
  struct ecc_scalar scalar;
  ecc_point_init(&point, ((struct key *)with)->curve);
  ecc_scalar_init(&scalar, ((struct key *)with)->curve);
  ecdsa_generate_keypair(&point, &scalar, NULL, fill);
  ecc_point_clear(&point);
  ecc_scalar_clear(&scalar);
  return 1;
}

static void signatures(const char *subject, const struct ecc_curve *curve, size_t length) {
  struct key key = {.curve = curve, .length = length};
  memset(key.digest, 0x5a, sizeof key.digest);
  ecc_point_init(&key.point, curve);
  ecc_scalar_init(&key.scalar, curve);
  dsa_signature_init(&key.signature);
  ecdsa_generate_keypair(&key.point, &key.scalar, NULL, fill);
  sign(&key);
  row(subject, "sign", 1, sign, &key);
  row(subject, "verify", 1, verify, &key);
  row(subject, "generate", 1, generate, &key);
}

static int hash256(void *with) {
  struct streebog256_ctx context;
  unsigned char digest[32];
  streebog256_init(&context);
  streebog256_update(&context, ((struct message *)with)->length, data);
  streebog256_digest(&context, sizeof digest, digest);
  return 1;
}

static int hash512(void *with) {
  struct streebog512_ctx context;
  unsigned char digest[64];
  streebog512_init(&context);
  streebog512_update(&context, ((struct message *)with)->length, data);
  streebog512_digest(&context, sizeof digest, digest);
  return 1;
}

int main(int count, char **arguments) {
  begin("nettle", count, arguments);
  signatures("256-B", nettle_get_gost_gc256b(), 32);
  signatures("512-A", nettle_get_gost_gc512a(), 64);
  hashes("Streebog-256", hash256, NULL);
  hashes("Streebog-512", hash512, NULL);
  return 0;
}

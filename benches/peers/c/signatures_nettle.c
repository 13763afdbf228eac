/* nettle, which GnuTLS uses too; it has two of the curves. cc -O2 signatures_nettle.c -lhogweed -lnettle -lgmp */
#include "signatures.h"
#include <nettle/dsa.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecdsa.h>
#include <nettle/gostdsa.h>
#include <sys/random.h>

struct key {
  const struct ecc_curve *curve;
  struct ecc_point point;
  struct ecc_scalar scalar;
  struct dsa_signature signature;
  size_t length;
  uint8_t digest[64];
};

static void fill(void *unused, size_t length, uint8_t *out) {
  (void)unused;
  if (getrandom(out, length, 0) != (ssize_t)length) exit(1);
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

static void rows(const char *name, const struct ecc_curve *curve, size_t length) {
  struct key key = {.curve = curve, .length = length};
  memset(key.digest, 0x5a, sizeof key.digest);
  ecc_point_init(&key.point, curve);
  ecc_scalar_init(&key.scalar, curve);
  dsa_signature_init(&key.signature);
  ecdsa_generate_keypair(&key.point, &key.scalar, NULL, fill);
  sign(&key);
  row("nettle", name, "sign", sign, &key);
  row("nettle", name, "verify", verify, &key);
  row("nettle", name, "generate", generate, &key);
}

int main(void) {
  rows("256-B", nettle_get_gost_gc256b(), 32);
  rows("512-A", nettle_get_gost_gc512a(), 64);
  return 0;
}

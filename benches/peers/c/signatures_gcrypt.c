/* libgcrypt. cc -O2 signatures_gcrypt.c -lgcrypt */
#include "signatures.h"
#include <gcrypt.h>

struct key {
  gcry_sexp_t parameters, secret, public, data, signature;
};

static int sign(void *with) {
  struct key *key = with;
  gcry_sexp_release(key->signature);
  return gcry_pk_sign(&key->signature, key->data, key->secret) == 0;
}

static int verify(void *with) {
  struct key *key = with;
  return gcry_pk_verify(key->signature, key->data, key->public) == 0;
}

static int generate(void *with) {
  gcry_sexp_t pair;
  if (gcry_pk_genkey(&pair, ((struct key *)with)->parameters)) return 0;
  gcry_sexp_release(pair);
  return 1;
}

static void rows(const char *name, const char *curve, size_t length) {
  struct key key = {0};
  unsigned char digest[64];
  gcry_sexp_t pair;
  gcry_mpi_t number;
  memset(digest, 0x5a, sizeof digest);
  gcry_mpi_scan(&number, GCRYMPI_FMT_USG, digest, length, NULL);
  if (gcry_sexp_build(&key.parameters, NULL, "(genkey(ecc(curve %s)))", curve) || gcry_pk_genkey(&pair, key.parameters)
      || gcry_sexp_build(&key.data, NULL, "(data(flags gost)(value %m))", number)) {
    fprintf(stderr, "libgcrypt has no %s\n", name);
    return;
  }
  key.secret = gcry_sexp_find_token(pair, "private-key", 0);
  key.public = gcry_sexp_find_token(pair, "public-key", 0);
  row("libgcrypt", name, "sign", sign, &key);
  row("libgcrypt", name, "verify", verify, &key);
  row("libgcrypt", name, "generate", generate, &key);
}

int main(void) {
  gcry_check_version(NULL);
  gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control(GCRYCTL_ENABLE_QUICK_RANDOM, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
  rows("256-A", "GOST2012-256-A", 32);
  rows("256-B", "GOST2001-CryptoPro-A", 32);
  rows("256-C", "GOST2001-CryptoPro-B", 32);
  rows("256-D", "GOST2001-CryptoPro-C", 32);
  rows("512-A", "GOST2012-512-tc26-A", 64);
  rows("512-B", "GOST2012-512-tc26-B", 64);
  rows("512-C", "1.2.643.7.1.2.1.2.3", 64);
  return 0;
}

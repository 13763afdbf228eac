/* libgcrypt. */
#include "bench.h"
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

static void signatures(const char *subject, const char *curve, size_t length) {
  struct key key = {0};
  unsigned char digest[64];
  gcry_sexp_t pair;
  gcry_mpi_t number;
  if (!wanted(subject)) return;
  memset(digest, 0x5a, sizeof digest);
  gcry_mpi_scan(&number, GCRYMPI_FMT_USG, digest, length, NULL);
  if (gcry_sexp_build(&key.parameters, NULL, "(genkey(ecc(curve %s)))", curve) || gcry_pk_genkey(&pair, key.parameters)
      || gcry_sexp_build(&key.data, NULL, "(data(flags gost)(value %m))", number)) {
    fprintf(stderr, "%s has no %s\n", peer, subject);
    return;
  }
  key.secret = gcry_sexp_find_token(pair, "private-key", 0);
  key.public = gcry_sexp_find_token(pair, "public-key", 0);
  row(subject, "sign", 1, sign, &key);
  row(subject, "verify", 1, verify, &key);
  row(subject, "generate", 1, generate, &key);
}

static int hash(void *with) {
  struct message *message = with;
  unsigned char digest[64];
  gcry_md_hash_buffer(*(int *)message->with, digest, data, message->length);
  return 1;
}

int main(int count, char **arguments) {
  int streebog256 = GCRY_MD_STRIBOG256, streebog512 = GCRY_MD_STRIBOG512;
  begin("libgcrypt", count, arguments);
  gcry_check_version(NULL);
  gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control(GCRYCTL_ENABLE_QUICK_RANDOM, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
  signatures("256-A", "GOST2012-256-A", 32);
  signatures("256-B", "GOST2001-CryptoPro-A", 32);
  signatures("256-C", "GOST2001-CryptoPro-B", 32);
  signatures("256-D", "GOST2001-CryptoPro-C", 32);
  signatures("512-A", "GOST2012-512-tc26-A", 64);
  signatures("512-B", "GOST2012-512-tc26-B", 64);
  signatures("512-C", "1.2.643.7.1.2.1.2.3", 64);
  hashes("Streebog-256", hash, &streebog256);
  hashes("Streebog-512", hash, &streebog512);
  return 0;
}

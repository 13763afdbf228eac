/* OpenSSL with the GOST engine. cc -O2 signatures_openssl.c -lcrypto */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "signatures.h"
#include <openssl/engine.h>
#include <openssl/evp.h>

struct key {
  EVP_PKEY_CTX *generate, *sign, *verify;
  unsigned char digest[64], signature[128];
  size_t digest_length, length;
};

static int sign(void *with) {
  struct key *key = with;
  key->length = sizeof key->signature;
  return EVP_PKEY_sign(key->sign, key->signature, &key->length, key->digest, key->digest_length) > 0;
}

static int verify(void *with) {
  struct key *key = with;
  return EVP_PKEY_verify(key->verify, key->signature, key->length, key->digest, key->digest_length) > 0;
}

static int generate(void *with) {
  EVP_PKEY *pkey = NULL;
  int done = EVP_PKEY_keygen(((struct key *)with)->generate, &pkey) > 0;
  EVP_PKEY_free(pkey);
  return done;
}

static void rows(const char *name, const char *algorithm, const char *set) {
  struct key key = {.digest_length = strstr(algorithm, "512") ? 64 : 32};
  EVP_PKEY *pkey = NULL;
  memset(key.digest, 0x5a, sizeof key.digest);
  key.generate = EVP_PKEY_CTX_new_id(OBJ_txt2nid(algorithm), NULL);
  if (!key.generate || EVP_PKEY_keygen_init(key.generate) <= 0
      || EVP_PKEY_CTX_ctrl_str(key.generate, "paramset", set) <= 0 || EVP_PKEY_keygen(key.generate, &pkey) <= 0) {
    fprintf(stderr, "OpenSSL has no %s\n", name);
    return;
  }
  key.sign = EVP_PKEY_CTX_new(pkey, NULL);
  key.verify = EVP_PKEY_CTX_new(pkey, NULL);
  if (EVP_PKEY_sign_init(key.sign) <= 0 || EVP_PKEY_verify_init(key.verify) <= 0 || !sign(&key)) exit(1);
  row("openssl-gost-engine", name, "sign", sign, &key);
  row("openssl-gost-engine", name, "verify", verify, &key);
  row("openssl-gost-engine", name, "generate", generate, &key);
}

int main(void) {
  ENGINE_load_builtin_engines();
  ENGINE *engine = ENGINE_by_id("gost");
  if (!engine || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) return 1;
  rows("256-A", "gost2012_256", "TCA");
  rows("256-B", "gost2012_256", "TCB");
  rows("256-C", "gost2012_256", "B");
  rows("256-D", "gost2012_256", "C");
  rows("512-A", "gost2012_512", "A");
  rows("512-B", "gost2012_512", "B");
  rows("512-C", "gost2012_512", "C");
  return 0;
}

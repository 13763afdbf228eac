/* OpenSSL with the GOST engine. cc -O2 openssl.c -lcrypto */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "bench.h"
#include <openssl/engine.h>
#include <openssl/evp.h>

static int hash(void *md, size_t length) {
  unsigned char digest[64];
  return EVP_Digest(data, length, digest, NULL, md, NULL);
}

static int encrypt(void *context, size_t length) {
  unsigned char key[32] = {7}, iv[16] = {1};
  int done;
  return EVP_EncryptInit_ex(context, NULL, NULL, key, iv) && EVP_EncryptUpdate(context, out, &done, data, length);
}

static void cipher(const char *name) {
  const EVP_CIPHER *cipher = EVP_get_cipherbyname(name);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (cipher && EVP_EncryptInit_ex(context, cipher, NULL, NULL, NULL)) row(name, "", sizeof data, encrypt, context);
  else fprintf(stderr, "%s has no %s\n", peer, name);
  EVP_CIPHER_CTX_free(context);
}

int main(void) {
  peer = "openssl-gost-engine";
  ENGINE_load_builtin_engines();
  ENGINE *engine = ENGINE_by_id("gost");
  if (!engine || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) return 1;
  hashes("Streebog256", hash, (void *)EVP_get_digestbyname("md_gost12_256"));
  hashes("Streebog512", hash, (void *)EVP_get_digestbyname("md_gost12_512"));
  cipher("kuznyechik-ctr-acpkm");
  cipher("magma-ctr-acpkm");
  cipher("kuznyechik-ctr");
  cipher("magma-ctr");
  return 0;
}

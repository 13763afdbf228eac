/* OpenSSL with the GOST engine. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "bench.h"
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

static void signatures(const char *subject, const char *algorithm, const char *set) {
  struct key key = {.digest_length = strstr(algorithm, "512") ? 64 : 32};
  EVP_PKEY *pkey = NULL;
  if (!wanted(subject)) return;
  memset(key.digest, 0x5a, sizeof key.digest);
  key.generate = EVP_PKEY_CTX_new_id(OBJ_txt2nid(algorithm), NULL);
  if (!key.generate || EVP_PKEY_keygen_init(key.generate) <= 0
      || EVP_PKEY_CTX_ctrl_str(key.generate, "paramset", set) <= 0 || EVP_PKEY_keygen(key.generate, &pkey) <= 0) {
    fprintf(stderr, "%s has no %s\n", peer, subject);
    return;
  }
  key.sign = EVP_PKEY_CTX_new(pkey, NULL);
  key.verify = EVP_PKEY_CTX_new(pkey, NULL);
  if (EVP_PKEY_sign_init(key.sign) <= 0 || EVP_PKEY_verify_init(key.verify) <= 0 || !sign(&key)) exit(1);
  row(subject, "sign", 1, sign, &key);
  row(subject, "verify", 1, verify, &key);
  row(subject, "generate", 1, generate, &key);
}

static int hash(void *with) {
  struct message *message = with;
  unsigned char digest[64];
  return EVP_Digest(data, message->length, digest, NULL, message->with, NULL);
}

static int encrypt(void *with) {
  struct message *message = with;
  unsigned char key[32] = {7}, iv[16] = {1};
  int done;
  return EVP_EncryptInit_ex(message->with, NULL, NULL, key, iv)
         && EVP_EncryptUpdate(message->with, out, &done, data, message->length);
}

static void cipher(const char *subject, const char *name) {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  struct message message = {context, sizeof data};
  const EVP_CIPHER *cipher = EVP_get_cipherbyname(name);
  if (cipher && EVP_EncryptInit_ex(context, cipher, NULL, NULL, NULL)) row(subject, "1 MiB", message.length / 1e6, encrypt, &message);
  else if (wanted(subject)) fprintf(stderr, "%s has no %s\n", peer, subject);
}

static int authenticate(void *with) {
  struct message *message = with;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_PKEY_CTX *unowned = NULL;
  size_t length = sizeof out;
  int done = EVP_DigestSignInit(context, &unowned, NULL, NULL, message->with)
             && EVP_DigestSignUpdate(context, data, message->length) && EVP_DigestSignFinal(context, out, &length);
  EVP_MD_CTX_free(context);
  return done;
}

static void omac(const char *subject, const char *name) {
  unsigned char key[32] = {7};
  struct message message = {EVP_PKEY_new_mac_key(OBJ_txt2nid(name), NULL, key, sizeof key), sizeof data};
  if (message.with) row(subject, "1 MiB", message.length / 1e6, authenticate, &message);
  else if (wanted(subject)) fprintf(stderr, "%s has no %s\n", peer, subject);
}

int main(int count, char **arguments) {
  begin("OpenSSL with gost-engine", count, arguments);
  ENGINE_load_builtin_engines();
  ENGINE *engine = ENGINE_by_id("gost");
  if (!engine || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) return 1;
  signatures("256-A", "gost2012_256", "TCA");
  signatures("256-B", "gost2012_256", "TCB");
  signatures("256-C", "gost2012_256", "B");
  signatures("256-D", "gost2012_256", "C");
  signatures("512-A", "gost2012_512", "A");
  signatures("512-B", "gost2012_512", "B");
  signatures("512-C", "gost2012_512", "C");
  hashes("Streebog-256", hash, (void *)EVP_get_digestbyname("md_gost12_256"));
  hashes("Streebog-512", hash, (void *)EVP_get_digestbyname("md_gost12_512"));
  cipher("Kuznyechik CTR-ACPKM", "kuznyechik-ctr-acpkm");
  cipher("Kuznyechik MGM", "kuznyechik-mgm");
  cipher("Magma CTR-ACPKM", "magma-ctr-acpkm");
  cipher("Magma MGM", "magma-mgm");
  omac("Kuznyechik OMAC", "kuznyechik-mac");
  omac("Magma OMAC", "magma-mac");
  return 0;
}

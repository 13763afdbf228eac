/* GnuTLS through its own interface; it signs on two of the curves and says so of the others. */
#include "bench.h"
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

struct key {
  gnutls_pk_algorithm_t kind;
  gnutls_sign_algorithm_t algorithm;
  unsigned bits;
  gnutls_privkey_t secret;
  gnutls_pubkey_t public;
  gnutls_datum_t digest, signature;
};

static int sign(void *with) {
  struct key *key = with;
  gnutls_free(key->signature.data);
  key->signature.data = NULL;
  return gnutls_privkey_sign_hash2(key->secret, key->algorithm, 0, &key->digest, &key->signature) >= 0;
}

static int verify(void *with) {
  struct key *key = with;
  return gnutls_pubkey_verify_hash2(key->public, key->algorithm, GNUTLS_VERIFY_ALLOW_BROKEN, &key->digest, &key->signature) >= 0;
}

static int generate(void *with) {
  struct key *key = with;
  gnutls_privkey_t secret;
  gnutls_privkey_init(&secret);
  int done = gnutls_privkey_generate(secret, key->kind, key->bits, 0) >= 0;
  gnutls_privkey_deinit(secret);
  return done;
}

static void signatures(const char *subject, gnutls_ecc_curve_t curve, int long_key) {
  static unsigned char digest[64];
  struct key key = {
    .kind = long_key ? GNUTLS_PK_GOST_12_512 : GNUTLS_PK_GOST_12_256,
    .algorithm = long_key ? GNUTLS_SIGN_GOST_512 : GNUTLS_SIGN_GOST_256,
    .bits = GNUTLS_CURVE_TO_BITS(curve),
    .digest = {digest, long_key ? 64 : 32},
  };
  if (!wanted(subject)) return;
  memset(digest, 0x5a, sizeof digest);
  gnutls_privkey_init(&key.secret);
  gnutls_pubkey_init(&key.public);
  if (gnutls_privkey_generate(key.secret, key.kind, key.bits, 0) < 0
      || gnutls_pubkey_import_privkey(key.public, key.secret, 0, 0) < 0 || !sign(&key)) {
    fprintf(stderr, "%s has no %s\n", peer, subject);
    return;
  }
  row(subject, "sign", 1, sign, &key);
  row(subject, "verify", 1, verify, &key);
  row(subject, "generate", 1, generate, &key);
}

static int hash(void *with) {
  struct message *message = with;
  unsigned char digest[64];
  return gnutls_hash_fast(*(gnutls_digest_algorithm_t *)message->with, data, message->length, digest) >= 0;
}

static int encrypt(void *with) {
  struct message *message = with;
  unsigned char key[32] = {7}, iv[16] = {1};
  gnutls_cipher_algorithm_t cipher = *(gnutls_cipher_algorithm_t *)message->with;
  gnutls_datum_t secret = {key, sizeof key}, start = {iv, gnutls_cipher_get_iv_size(cipher)};
  gnutls_cipher_hd_t handle;
  if (gnutls_cipher_init(&handle, cipher, &secret, &start) < 0) return 0;
  int done = gnutls_cipher_encrypt2(handle, data, message->length, out, message->length) >= 0;
  gnutls_cipher_deinit(handle);
  return done;
}

int main(int count, char **arguments) {
  gnutls_digest_algorithm_t streebog256 = GNUTLS_DIG_STREEBOG_256, streebog512 = GNUTLS_DIG_STREEBOG_512;
  gnutls_cipher_algorithm_t kuznyechik = GNUTLS_CIPHER_KUZNYECHIK_CTR_ACPKM, magma = GNUTLS_CIPHER_MAGMA_CTR_ACPKM;
  struct message by_kuznyechik = {&kuznyechik, sizeof data}, by_magma = {&magma, sizeof data};
  begin("GnuTLS", count, arguments);
  gnutls_global_init();
  signatures("256-A", GNUTLS_ECC_CURVE_GOST256A, 0);
  signatures("256-B", GNUTLS_ECC_CURVE_GOST256B, 0);
  signatures("256-C", GNUTLS_ECC_CURVE_GOST256C, 0);
  signatures("256-D", GNUTLS_ECC_CURVE_GOST256D, 0);
  signatures("512-A", GNUTLS_ECC_CURVE_GOST512A, 1);
  signatures("512-B", GNUTLS_ECC_CURVE_GOST512B, 1);
  signatures("512-C", GNUTLS_ECC_CURVE_GOST512C, 1);
  hashes("Streebog-256", hash, &streebog256);
  hashes("Streebog-512", hash, &streebog512);
  row("Kuznyechik CTR-ACPKM", "1 MiB", sizeof data / 1e6, encrypt, &by_kuznyechik);
  row("Magma CTR-ACPKM", "1 MiB", sizeof data / 1e6, encrypt, &by_magma);
  return 0;
}

// Botan; it has two of the curves.
#include "bench.h"
#include <botan/auto_rng.h>
#include <botan/gost_3410.h>
#include <botan/hash.h>
#include <botan/pubkey.h>

struct Key {
  Botan::AutoSeeded_RNG rng;
  Botan::EC_Group group;
  Botan::GOST_3410_PrivateKey secret;
  Botan::PK_Signer signer;
  Botan::PK_Verifier verifier;
  std::vector<uint8_t> digest, signature;

  Key(const char *curve, size_t length)
      : group(curve), secret(rng, group), signer(secret, rng, "Raw"), verifier(secret, "Raw"), digest(length, 0x5a) {}
};

static int sign(void *with) {
  Key *key = static_cast<Key *>(with);
  key->signature = key->signer.sign_message(key->digest, key->rng);
  return 1;
}

static int verify(void *with) {
  Key *key = static_cast<Key *>(with);
  return key->verifier.verify_message(key->digest, key->signature);
}

static int generate(void *with) {
  Key *key = static_cast<Key *>(with);
  Botan::GOST_3410_PrivateKey(key->rng, key->group);
  return 1;
}

static void signatures(const char *subject, const char *curve, size_t length) {
  Key key(curve, length);
  row(subject, "sign", 1, sign, &key);
  row(subject, "verify", 1, verify, &key);
  row(subject, "generate", 1, generate, &key);
}

static int hash(void *with) {
  struct message *message = static_cast<struct message *>(with);
  auto *function = static_cast<Botan::HashFunction *>(message->with);
  unsigned char digest[64];
  function->update(data, message->length);
  function->final(digest);
  return 1;
}

int main(int count, char **arguments) {
  begin("Botan", count, arguments);
  signatures("256-B", "gost_256A", 32);
  signatures("512-A", "gost_512A", 64);
  hashes("Streebog-256", hash, Botan::HashFunction::create("Streebog-256").release());
  hashes("Streebog-512", hash, Botan::HashFunction::create("Streebog-512").release());
}

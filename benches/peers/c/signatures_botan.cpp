// Botan; it has two of the curves. c++ -O2 -I/usr/include/botan-2 signatures_botan.cpp -lbotan-2
#include "signatures.h"
#include <botan/auto_rng.h>
#include <botan/gost_3410.h>
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

static void rows(const char *name, const char *curve, size_t length) {
  Key key(curve, length);
  row("botan", name, "sign", sign, &key);
  row("botan", name, "verify", verify, &key);
  row("botan", name, "generate", generate, &key);
}

int main() {
  rows("256-B", "gost_256A", 32);
  rows("512-A", "gost_512A", 64);
}

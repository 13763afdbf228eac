// Botan 2. c++ -O2 -I/usr/include/botan-2 botan.cpp -lbotan-2
#include "bench.h"
#include <botan/hash.h>

static int hash(void *with, size_t length) {
  auto *function = static_cast<Botan::HashFunction *>(with);
  unsigned char digest[64];
  function->update(data, length);
  function->final(digest);
  return 1;
}

int main() {
  peer = "botan";
  hashes("Streebog256", hash, Botan::HashFunction::create("Streebog-256").release());
  hashes("Streebog512", hash, Botan::HashFunction::create("Streebog-512").release());
}

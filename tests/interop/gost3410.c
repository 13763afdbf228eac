/* Signs and verifies with OpenSSL's GOST engine, one record a line, all in hexadecimal.
 *
 *   S <PKCS#8> <digest>                              answers with the signature
 *   V <SubjectPublicKeyInfo> <digest> <signature>    answers with 1 or 0
 *
 * cc -O2 -o gost3410 gost3410.c -lcrypto
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 4096 };

static size_t decode(const char *hex, unsigned char *out)
{
    size_t n = 0;
    for (; hex[0] && hex[1]; hex += 2) {
        unsigned octet;
        if (n == LONGEST || sscanf(hex, "%2x", &octet) != 1)
            return 0;
        out[n++] = (unsigned char)octet;
    }
    return n;
}

static void sign(const char *key_hex, const char *digest_hex)
{
    unsigned char key[LONGEST], digest[LONGEST], signature[LONGEST];
    const unsigned char *der = key;
    size_t length = sizeof signature;
    size_t key_length = decode(key_hex, key), digest_length = decode(digest_hex, digest);
    EVP_PKEY *pkey = d2i_AutoPrivateKey(NULL, &der, (long)key_length);
    EVP_PKEY_CTX *ctx = pkey ? EVP_PKEY_CTX_new(pkey, NULL) : NULL;
    if (!ctx || EVP_PKEY_sign_init(ctx) <= 0
        || EVP_PKEY_sign(ctx, signature, &length, digest, digest_length) <= 0) {
        ERR_print_errors_fp(stderr);
        length = 0;
    }
    for (size_t i = 0; i < length; i++)
        printf("%02x", signature[i]);
    putchar('\n');
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
}

static void verify(const char *key_hex, const char *digest_hex, const char *signature_hex)
{
    unsigned char key[LONGEST], digest[LONGEST], signature[LONGEST];
    const unsigned char *der = key;
    size_t key_length = decode(key_hex, key), digest_length = decode(digest_hex, digest);
    size_t length = decode(signature_hex, signature);
    EVP_PKEY *pkey = d2i_PUBKEY(NULL, &der, (long)key_length);
    EVP_PKEY_CTX *ctx = pkey ? EVP_PKEY_CTX_new(pkey, NULL) : NULL;
    int valid = ctx && EVP_PKEY_verify_init(ctx) > 0
        && EVP_PKEY_verify(ctx, signature, length, digest, digest_length) > 0;
    if (!ctx)
        ERR_print_errors_fp(stderr);
    ERR_clear_error();
    puts(valid ? "1" : "0");
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
}

int main(void)
{
    static char line[4 * LONGEST];
    ENGINE_load_builtin_engines();
    ENGINE *engine = ENGINE_by_id("gost");
    if (!engine || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) {
        ERR_print_errors_fp(stderr);
        return 1;
    }
    while (fgets(line, sizeof line, stdin)) {
        char *word[4] = { strtok(line, " \n") };
        for (int i = 1; i < 4; i++)
            word[i] = strtok(NULL, " \n");
        if (word[0] && word[2] && !strcmp(word[0], "S"))
            sign(word[1], word[2]);
        else if (word[0] && word[3] && !strcmp(word[0], "V"))
            verify(word[1], word[2], word[3]);
        else
            return 2;
    }
    return 0;
}

/* From a request to a certificate with OpenSSL and the GOST engine, all in memory.
 *
 * Once a row: read the PKCS#10, check possession, build a certificate with ten extensions, sign, encode.
 * Seven extensions are the same in every certificate and made beforehand; three are made each time. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "bench.h"
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#define CONSTANT 7

static const char *const extensions[][2] = {
  {"basicConstraints", "critical,CA:FALSE"},
  {"keyUsage", "critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyAgreement"},
  {"extendedKeyUsage", "clientAuth,emailProtection"},
  {"certificatePolicies", "1.2.643.100.113.1,1.2.643.100.113.2"},
  {"crlDistributionPoints", "URI:http://ca.example/1.crl"},
  {"authorityInfoAccess", "OCSP;URI:http://ocsp.example/,caIssuers;URI:http://ca.example/ca.cer"},
  {"1.2.643.100.111", "ASN1:UTF8:Sign tool 1.0"},
  {"subjectKeyIdentifier", "hash"},
  {"authorityKeyIdentifier", "keyid:always"},
  {"subjectAltName", "email:anna@example.org"},
};
enum { EXTENSIONS = sizeof extensions / sizeof *extensions };

static const char *const subject_name[][2] = {
  {"C", "RU"}, {"ST", "77 Moscow"}, {"L", "Moscow"}, {"O", "Example LLC"},
  {"CN", "Ivanov Ivan Ivanovich"}, {"emailAddress", "anna@example.org"},
};

struct authority {
  const EVP_MD *md;
  EVP_PKEY *key;
  X509 *certificate;
  X509_EXTENSION *constant[CONSTANT];
  CONF *empty;
  unsigned char *request;
  int request_length;
};

static void *or_stop(void *made, const char *what) {
  if (!made) { fprintf(stderr, "%s cannot make: %s\n", peer, what); exit(1); }
  return made;
}

static EVP_PKEY *generate(const char *algorithm, const char *set) {
  EVP_PKEY_CTX *context = or_stop(EVP_PKEY_CTX_new_id(OBJ_txt2nid(algorithm), NULL), algorithm);
  EVP_PKEY *key = NULL;
  EVP_PKEY_keygen_init(context);
  EVP_PKEY_CTX_ctrl_str(context, "paramset", set);
  EVP_PKEY_keygen(context, &key);
  EVP_PKEY_CTX_free(context);
  return or_stop(key, set);
}

static X509_EXTENSION *extension(const struct authority *ca, X509 *subject, int index) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, ca->certificate, subject, NULL, NULL, 0);
  X509V3_set_nconf(&context, ca->empty);
  return or_stop(X509V3_EXT_nconf(ca->empty, &context, extensions[index][0], extensions[index][1]), extensions[index][0]);
}

static X509 *begin_certificate(const X509_NAME *issuer, const X509_NAME *subject, EVP_PKEY *key) {
  X509 *certificate = X509_new();
  unsigned char serial[16];
  BIGNUM *number;
  RAND_bytes(serial, sizeof serial);
  serial[0] = (serial[0] & 0x7f) | 1;
  number = BN_bin2bn(serial, sizeof serial, NULL);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  X509_set_version(certificate, X509_VERSION_3);
  X509_set_issuer_name(certificate, issuer);
  X509_set_subject_name(certificate, subject);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 31536000);
  X509_set_pubkey(certificate, key);
  return certificate;
}

/* Encodes a certificate for the request into `der`; its length, or 0. */
static int issue_to(struct authority *ca, unsigned char **der) {
  const unsigned char *octets = ca->request;
  X509_REQ *request = d2i_X509_REQ(NULL, &octets, ca->request_length);
  EVP_PKEY *key = request ? X509_REQ_get0_pubkey(request) : NULL;
  X509 *certificate;
  int length = 0;
  if (!key || X509_REQ_verify(request, key) != 1) return 0;
  certificate = begin_certificate(X509_get_subject_name(ca->certificate), X509_REQ_get_subject_name(request), key);
  for (int i = 0; i < CONSTANT; i++) X509_add_ext(certificate, ca->constant[i], -1);
  for (int i = CONSTANT; i < EXTENSIONS; i++) {
    X509_EXTENSION *made = extension(ca, certificate, i);
    X509_add_ext(certificate, made, -1);
    X509_EXTENSION_free(made);
  }
  if (X509_sign(certificate, ca->key, ca->md)) length = i2d_X509(certificate, der);
  X509_free(certificate);
  X509_REQ_free(request);
  return length;
}

static int issue(void *with) {
  unsigned char *der = NULL;
  int length = issue_to(with, &der);
  OPENSSL_free(der);
  return length > 0;
}

/* What is timed gives a certificate that its authority's key verifies and that has all extensions. */
static void check(struct authority *ca) {
  unsigned char *der = NULL;
  const unsigned char *octets;
  int length = issue_to(ca, &der);
  octets = der;
  X509 *certificate = or_stop(length > 0 ? d2i_X509(NULL, &octets, length) : NULL, "a certificate");
  int sound = X509_verify(certificate, ca->key) == 1 && X509_get_ext_count(certificate) == EXTENSIONS;
  or_stop(sound ? ca : NULL, "a sound certificate");
  X509_free(certificate);
  OPENSSL_free(der);
}

static void rows(const char *subject, const char *algorithm, const char *set, const char *digest) {
  struct authority ca = {.md = EVP_get_digestbyname(digest), .empty = NCONF_new(NULL)};
  X509_NAME *name = X509_NAME_new();
  X509_REQ *request = X509_REQ_new();
  EVP_PKEY *applicant;
  X509_EXTENSION *identifier;
  if (!wanted(subject)) return;
  ca.key = generate(algorithm, set);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"Bench CA", -1, -1, 0);
  ca.certificate = begin_certificate(name, name, ca.key);
  identifier = extension(&ca, ca.certificate, CONSTANT); /* subjectKeyIdentifier */
  X509_add_ext(ca.certificate, identifier, -1);
  X509_sign(ca.certificate, ca.key, ca.md);
  for (int i = 0; i < CONSTANT; i++) ca.constant[i] = extension(&ca, ca.certificate, i);
  applicant = generate(algorithm, set);
  for (size_t i = 0; i < sizeof subject_name / sizeof *subject_name; i++)
    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request), subject_name[i][0], MBSTRING_UTF8,
                               (const unsigned char *)subject_name[i][1], -1, -1, 0);
  X509_REQ_set_pubkey(request, applicant);
  X509_REQ_sign(request, applicant, ca.md);
  ca.request_length = i2d_X509_REQ(request, &ca.request);
  check(&ca);
  row(subject, "request to certificate", 1, issue, &ca);
}

int main(int count, char **arguments) {
  begin("OpenSSL with gost-engine", count, arguments);
  ENGINE_load_builtin_engines();
  ENGINE *engine = ENGINE_by_id("gost");
  if (!engine || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) return 1;
  rows("256-A", "gost2012_256", "TCA", "md_gost12_256");
  rows("256-B", "gost2012_256", "TCB", "md_gost12_256");
  rows("512-A", "gost2012_512", "A", "md_gost12_512");
  rows("512-C", "gost2012_512", "C", "md_gost12_512");
  return 0;
}

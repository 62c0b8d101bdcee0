#include "base/crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace rushes {
namespace {

unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// Looked up once: by OpenSSL's own EVP_sha256() each use would search the providers. HMAC() below
// searches by the method's name whichever it is given.
const EVP_MD* sha256_method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  RUSHES_CHECK(method != nullptr);
  return method;
}

}  // namespace

// Failures of OpenSSL here mean that memory or the library itself is gone: nothing to go on with.
struct Sha256::Context {
  Context() : digest(EVP_MD_CTX_new()) { RUSHES_CHECK(digest != nullptr); }
  ~Context() { EVP_MD_CTX_free(digest); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void begin() { RUSHES_CHECK(EVP_DigestInit_ex(digest, sha256_method(), nullptr) == 1); }

  EVP_MD_CTX* digest;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) { context_->begin(); }
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  RUSHES_CHECK(EVP_DigestUpdate(context_->digest, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish() {
  std::string out(kSha256SizeBytes, '\0');
  RUSHES_CHECK(EVP_DigestFinal_ex(context_->digest, raw(out), nullptr) == 1);
  context_->begin();
  return out;
}

std::string sha256(std::string_view bytes) {
  std::string out(kSha256SizeBytes, '\0');
  RUSHES_CHECK(
      EVP_Digest(bytes.data(), bytes.size(), raw(out), nullptr, sha256_method(), nullptr) == 1);
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string out(kSha256SizeBytes, '\0');
  RUSHES_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(bytes),
                    bytes.size(), raw(out), nullptr) != nullptr);
  return out;
}

}  // namespace rushes

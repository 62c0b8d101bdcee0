#include "core/access/key.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/crypto/digest.h"

namespace rushes::access {

std::string make_bearer_key(std::string_view random) {
  RUSHES_CHECK(random.size() == kKeyRandomSizeBytes);
  return std::string(kBearerPrefix) + to_base64url(random);
}

std::string bearer_lookup(std::string_view key) { return to_hex(sha256(key)); }

KeyPair make_key_pair(std::string_view random) {
  RUSHES_CHECK(random.size() == kKeyRandomSizeBytes);
  // 16 bytes name the pair, the digest of all 32 is the secret: neither tells the other.
  return {
      std::string("ak_") + to_base64url(random.substr(0, 16)),
      std::string("sk_") + to_base64url(sha256(std::string("rushes secret key ").append(random)))};
}

}  // namespace rushes::access

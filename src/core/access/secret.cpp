#include "core/access/secret.h"

#include <openssl/evp.h>

#include <memory>

#include "base/bytes.h"
#include "base/check.h"
#include "base/crypto/digest.h"

namespace rushes::access {
namespace {

constexpr size_t kTagSizeBytes = 16;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

Result<ServerSecret> ServerSecret::create(std::string bytes) {
  if (bytes.size() != kServerSecretSizeBytes) {
    return fail(ErrorCode::kInvalidInput, "the server secret must be 32 bytes");
  }
  return ServerSecret(std::move(bytes));
}

std::string ServerSecret::derive(std::string_view purpose) const {
  // HKDF (RFC 5869) with an empty salt and one block of output.
  const std::string extracted = hmac_sha256(std::string(kSha256SizeBytes, '\0'), bytes_);
  return hmac_sha256(extracted, std::string("rushes ").append(purpose).append(1, '\x01'));
}

std::string ServerSecret::seal(std::string_view plain, std::string_view context,
                               std::string_view nonce) const {
  RUSHES_CHECK(nonce.size() == kSealNonceSizeBytes);
  const std::string key = derive("seal");
  std::string sealed(plain.size(), '\0'), tag(kTagSizeBytes, '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  bool ok = EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                               bytes_of(nonce)) == 1;
  ok = ok && EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(context),
                               static_cast<int>(context.size())) == 1;
  ok = ok && EVP_EncryptUpdate(cipher.get(), bytes_of(sealed), &size, bytes_of(plain),
                               static_cast<int>(plain.size())) == 1;
  ok = ok && EVP_EncryptFinal_ex(cipher.get(), bytes_of(sealed) + size, &size) == 1;
  ok = ok &&
       EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSizeBytes, bytes_of(tag)) == 1;
  RUSHES_CHECK(ok);
  return to_base64url(std::string(nonce) + sealed + tag);
}

Result<std::string> ServerSecret::open(std::string_view sealed, std::string_view context) const {
  const auto raw = from_base64url(sealed);
  if (!raw || raw->size() < kSealNonceSizeBytes + kTagSizeBytes) {
    return fail(ErrorCode::kCorrupt, "a sealed secret is too short");
  }
  const std::string key = derive("seal");
  const std::string_view nonce = std::string_view(*raw).substr(0, kSealNonceSizeBytes);
  const std::string_view body = std::string_view(*raw).substr(
      kSealNonceSizeBytes, raw->size() - kSealNonceSizeBytes - kTagSizeBytes);
  std::string tag = raw->substr(raw->size() - kTagSizeBytes);
  std::string plain(body.size(), '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  bool ok = EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key),
                               bytes_of(nonce)) == 1;
  ok = ok && EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(context),
                               static_cast<int>(context.size())) == 1;
  ok = ok && EVP_DecryptUpdate(cipher.get(), bytes_of(plain), &size, bytes_of(body),
                               static_cast<int>(body.size())) == 1;
  ok = ok &&
       EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagSizeBytes, bytes_of(tag)) == 1;
  ok = ok && EVP_DecryptFinal_ex(cipher.get(), bytes_of(plain) + size, &size) == 1;
  if (!ok)
    return fail(ErrorCode::kCorrupt, "a sealed secret does not open with this server secret");
  return plain;
}

}  // namespace rushes::access

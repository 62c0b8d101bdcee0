// ServerSecret: the 32 random bytes of a data directory, and what is derived from them.
//
// One purpose, one key (HKDF-SHA256): a leaked file URL key says nothing about sealed SecretKeys.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rushes::access {

inline constexpr size_t kServerSecretSizeBytes = 32;
inline constexpr size_t kSealNonceSizeBytes = 12;

class ServerSecret {
 public:
  // kInvalidInput unless `bytes` are kServerSecretSizeBytes.
  static Result<ServerSecret> create(std::string bytes);

  // 32 bytes for one purpose ("seal", "file-url").
  std::string derive(std::string_view purpose) const;

  // AES-256-GCM, bound to `context` (the AccessKey), so that a sealed value cannot be moved to
  // another row. `nonce` is kSealNonceSizeBytes fresh random bytes. Text: base64url.
  std::string seal(std::string_view plain, std::string_view context, std::string_view nonce) const;
  // kCorrupt if it was made with another secret or context, or was changed.
  Result<std::string> open(std::string_view sealed, std::string_view context) const;

 private:
  explicit ServerSecret(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

}  // namespace rushes::access

// API keys as the store keeps them.
//
// Two kinds: `rk_` bearer keys, of which only the SHA-256 is stored, and AccessKey/SecretKey pairs
// for HS256 tokens, whose secret must be kept to verify signatures and is stored sealed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/task/task.h"

namespace rushes::access {

inline constexpr std::string_view kBearerPrefix = "rk_";
inline constexpr size_t kKeyRandomSizeBytes = 32;

enum class KeyKind { kBearer, kAccessKey };

struct KeyRecord {
  KeyId id;
  AccountId account;
  KeyKind kind = KeyKind::kBearer;
  std::string label;          // for people
  std::string lookup;         // kBearer: hex SHA-256 of the key; kAccessKey: the AccessKey
  std::string sealed_secret;  // kAccessKey only
  Timestamp created_at{};
  std::optional<Timestamp> revoked_at;
  bool operator==(const KeyRecord&) const = default;
};

// `rk_` and 43 base64url characters, from kKeyRandomSizeBytes random bytes.
std::string make_bearer_key(std::string_view random);
// What KeyRecord::lookup holds for it.
std::string bearer_lookup(std::string_view key);

struct KeyPair {
  std::string access_key, secret_key;
};
// From kKeyRandomSizeBytes random bytes.
KeyPair make_key_pair(std::string_view random);

}  // namespace rushes::access

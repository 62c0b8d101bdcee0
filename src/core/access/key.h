// API keys as the store keeps them.
//
// Two kinds: `rk_` bearer keys, of which only the SHA-256 is stored, and AccessKey/SecretKey pairs
// for HS256 tokens, whose secret must be kept to verify signatures and is stored sealed.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "core/task/task.h"

namespace rushes::access {

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

}  // namespace rushes::access

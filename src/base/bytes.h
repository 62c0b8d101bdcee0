// Bytes as text: hex, base64, base64url, and a comparison that takes the same time whatever
// differs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rushes {

std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);

// base64url without padding (RFC 4648 section 5), as used by JWT, keys and signed URLs.
std::string to_base64url(std::string_view bytes);
// Refuses padding, foreign characters and non-zero trailing bits.
std::optional<std::string> from_base64url(std::string_view text);

// Standard base64 with padding (RFC 4648 section 4), as used by webhook signatures.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

// For secrets: takes time by the length of `b` only.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace rushes

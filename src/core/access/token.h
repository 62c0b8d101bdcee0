// JSON Web Tokens as clients of the Kling API sign them: HS256 over an AccessKey/SecretKey pair.
// Pure: the caller looks the secret up and tells the time.
//
// Facts: the vendor's page "Authentication" (claims iss, exp, nbf); leeway, horizon and the uniform
// answer for an unknown AccessKey are ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace rushes::access {

inline constexpr Seconds kTokenLeeway{60};
inline constexpr Seconds kTokenHorizon{24 * 3600};
inline constexpr size_t kTokenSizeMax = 4096;

enum class TokenVerdict {
  kValid,
  kMalformed,     // not a usable token: wrong alg, missing or mistyped claims, too far ahead
  kBadSignature,  // also the answer for an unknown AccessKey
  kNotYetValid,   // nbf
  kExpired,       // exp
};

// The parts of a token, nothing verified yet.
struct Token {
  std::string access_key;    // iss
  std::string signed_bytes;  // header.payload
  std::string signature;     // raw
  double expires_at_s = 0;   // exp; may be fractional
  std::optional<double> not_before_s;
  bool is_hs256 = false;
};

// Whether a bearer credential is a JWT at all: three base64url segments whose first decodes to an
// object with `alg`. Anything else is an API key.
bool looks_like_token(std::string_view credential);

// Nothing if a claim is missing or of the wrong type.
std::optional<Token> parse_token(std::string_view credential);

// `secret_key` is empty for an unknown AccessKey: then, and for a bad signature, the same work is
// done and the same verdict given, so that keys cannot be guessed. Order: signature, horizon, nbf,
// exp.
TokenVerdict verify_token(const Token& token, const std::optional<std::string>& secret_key,
                          Timestamp now);

// A token as official clients make it: exp = now + lifetime, nbf = now - 5 s.
std::string sign_token(std::string_view access_key, std::string_view secret_key, Timestamp now,
                       Seconds lifetime = Seconds{1800});

}  // namespace rushes::access

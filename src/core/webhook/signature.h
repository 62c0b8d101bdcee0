// Signature: Standard Webhooks 1.0.0, scheme v1 (github.com/standard-webhooks/standard-webhooks),
// which Kling adopted on 2026-08-07 (official page "Callback protocol").
//
// HMAC-SHA256 over `{id}.{timestamp}.{body}`. The id names the event and stays the same over all
// tries; the timestamp is that of the try, in Unix seconds. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "core/wire/message.h"

namespace rushes::webhook {

inline constexpr size_t kSecretSizeBytesMin = 24;
inline constexpr size_t kSecretSizeBytesMax = 64;
inline constexpr size_t kSecretSizeBytes = 32;  // of those we make
// How far the clocks of both sides may differ, and how old a message may be: Kling's 5 minutes.
inline constexpr Seconds kToleranceDefault{300};

inline constexpr std::string_view kIdHeader = "webhook-id";
inline constexpr std::string_view kTimestampHeader = "webhook-timestamp";
inline constexpr std::string_view kSignatureHeader = "webhook-signature";

// The key that both sides hold. On paper: `whsec_` and the base64 of its bytes.
class Secret {
 public:
  // `random` is kSecretSizeBytesMin to kSecretSizeBytesMax bytes.
  static Secret make(std::string random);
  // kInvalidInput without the prefix, for text that is no base64 with padding, and for a key that
  // is too short or too long; the message never holds the secret.
  static Result<Secret> parse(std::string_view text);

  std::string to_string() const;
  std::string_view key() const { return key_; }
  bool operator==(const Secret&) const = default;

 private:
  explicit Secret(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

// What is signed. `id` is ours and holds no '.'.
struct Message {
  std::string_view id;
  int64_t timestamp_s = 0;
  std::string_view body;
};

// "v1,<base64>".
std::string sign(const Message& message, const Secret& secret);

// The headers of one try: id and timestamp, and with secrets their signatures in that order, so
// that a receiver accepts the message whichever of them it holds.
wire::Headers sign_headers(const Message& message, std::span<const Secret> secrets);

enum class Verdict { kValid, kMalformed, kTooOld, kTooNew, kNoMatch };
std::string_view to_string(Verdict verdict);

// As a receiver judges it: the headers are there, the clock is within `tolerance`, and one of the
// signatures is made with one of `secrets`. Compares in constant time.
Verdict verify(const wire::Headers& headers, std::string_view body, std::span<const Secret> secrets,
               Timestamp now, Seconds tolerance = kToleranceDefault);

}  // namespace rushes::webhook

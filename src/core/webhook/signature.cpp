#include "core/webhook/signature.h"

#include <charconv>

#include "base/bytes.h"
#include "base/check.h"
#include "base/crypto/digest.h"
#include "base/words.h"

namespace rushes::webhook {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr std::string_view kScheme = "v1,";
// A receiver in the middle of a rotation is sent two; more than these are nobody's.
constexpr int kSignaturesMax = 16;

constexpr Words<Verdict, 5> kVerdicts{{{Verdict::kValid, "valid"},
                                       {Verdict::kMalformed, "malformed"},
                                       {Verdict::kTooOld, "too_old"},
                                       {Verdict::kTooNew, "too_new"},
                                       {Verdict::kNoMatch, "no_match"}}};

std::string digest_of(const Message& message, const Secret& secret) {
  std::string bytes(message.id);
  bytes.append(".").append(std::to_string(message.timestamp_s)).append(".").append(message.body);
  return hmac_sha256(secret.key(), bytes);
}

bool is_secret_size(size_t size_bytes) {
  return size_bytes >= kSecretSizeBytesMin && size_bytes <= kSecretSizeBytesMax;
}

// Digits only: "+5", "5.0" and "" are nobody's timestamp.
std::optional<int64_t> parse_seconds(std::string_view text) {
  int64_t seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (text.empty() || error != std::errc{} || stop != end || seconds < 0) return std::nullopt;
  return seconds;
}

bool matches_any(std::string_view signature, const Message& message,
                 std::span<const Secret> secrets) {
  if (!signature.starts_with(kScheme)) return false;
  const auto given = from_base64(signature.substr(kScheme.size()));
  if (!given) return false;
  bool found = false;
  for (const Secret& secret : secrets) {
    found |= equal_constant_time(*given, digest_of(message, secret));
  }
  return found;
}

}  // namespace

Secret Secret::make(std::string random) {
  RUSHES_CHECK(is_secret_size(random.size()));
  return Secret(std::move(random));
}

Result<Secret> Secret::parse(std::string_view text) {
  if (!text.starts_with(kSecretPrefix)) {
    return fail_user(ErrorCode::kInvalidInput, "a webhook secret begins with whsec_");
  }
  auto key = from_base64(text.substr(kSecretPrefix.size()));
  if (!key) {
    return fail_user(ErrorCode::kInvalidInput, "a webhook secret is base64 after whsec_");
  }
  if (!is_secret_size(key->size())) {
    return fail_user(ErrorCode::kInvalidInput, "a webhook secret has 24 to 64 bytes");
  }
  return Secret(*std::move(key));
}

std::string Secret::to_string() const { return std::string(kSecretPrefix) + to_base64(key_); }

std::string sign(const Message& message, const Secret& secret) {
  RUSHES_CHECK(!message.id.contains('.'));
  return std::string(kScheme) + to_base64(digest_of(message, secret));
}

wire::Headers sign_headers(const Message& message, std::span<const Secret> secrets) {
  wire::Headers headers;
  headers.add(std::string(kIdHeader), std::string(message.id));
  headers.add(std::string(kTimestampHeader), std::to_string(message.timestamp_s));
  std::string signatures;
  for (const Secret& secret : secrets) {
    if (!signatures.empty()) signatures += ' ';
    signatures += sign(message, secret);
  }
  if (!signatures.empty()) headers.add(std::string(kSignatureHeader), std::move(signatures));
  return headers;
}

std::string_view to_string(Verdict verdict) { return word_of(kVerdicts, verdict); }

Verdict verify(const wire::Headers& headers, std::string_view body, std::span<const Secret> secrets,
               Timestamp now, Seconds tolerance) {
  const std::string* id = headers.find(kIdHeader);
  const std::string* timestamp = headers.find(kTimestampHeader);
  const std::string* signatures = headers.find(kSignatureHeader);
  if (!id || id->empty() || id->contains('.') || !timestamp || !signatures) {
    return Verdict::kMalformed;
  }
  const auto sent_s = parse_seconds(*timestamp);
  if (!sent_s) return Verdict::kMalformed;
  const int64_t now_s = to_unix_s(now);
  // Both are at least 0, so that the differences cannot overflow.
  if (now_s - *sent_s > tolerance.count()) return Verdict::kTooOld;
  if (*sent_s - now_s > tolerance.count()) return Verdict::kTooNew;
  const Message message{*id, *sent_s, body};
  std::string_view rest = *signatures;
  for (int i = 0; i < kSignaturesMax && !rest.empty(); ++i) {
    const size_t space = rest.find(' ');
    if (matches_any(rest.substr(0, space), message, secrets)) return Verdict::kValid;
    rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
  }
  return Verdict::kNoMatch;
}

}  // namespace rushes::webhook

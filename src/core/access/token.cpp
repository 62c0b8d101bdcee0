#include "core/access/token.h"

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "base/json/value.h"
#include "base/json/writer.h"

namespace rushes::access {
namespace {

struct Segments {
  std::string_view header, payload, signature;
};

std::optional<Segments> split(std::string_view credential) {
  if (credential.size() > kTokenSizeMax) return std::nullopt;
  const size_t first = credential.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const size_t second = credential.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  if (credential.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  return Segments{credential.substr(0, first), credential.substr(first + 1, second - first - 1),
                  credential.substr(second + 1)};
}

std::optional<json::Value> decode_object(std::string_view segment) {
  const auto text = from_base64url(segment);
  if (!text) return std::nullopt;
  auto value = json::parse(*text);
  if (!value || value->as_object() == nullptr) return std::nullopt;
  return std::move(*value);
}

double seconds_of(Timestamp at) { return static_cast<double>(to_unix_ms(at)) / 1000.0; }

}  // namespace

bool looks_like_token(std::string_view credential) {
  const auto segments = split(credential);
  if (!segments || !from_base64url(segments->payload) || !from_base64url(segments->signature)) {
    return false;
  }
  const auto header = decode_object(segments->header);
  return header && header->find("alg") != nullptr;
}

std::optional<Token> parse_token(std::string_view credential) {
  const auto segments = split(credential);
  if (!segments) return std::nullopt;
  const auto header = decode_object(segments->header);
  const auto payload = decode_object(segments->payload);
  auto signature = from_base64url(segments->signature);
  if (!header || !payload || !signature) return std::nullopt;

  Token token;
  token.is_hs256 = header->string_or("alg", "") == "HS256";
  const json::Value* issuer = payload->find("iss");
  const json::Value* expires = payload->find("exp");
  const json::Value* not_before = payload->find("nbf");
  if (issuer == nullptr || issuer->as_string() == nullptr || issuer->as_string()->empty()) {
    return std::nullopt;
  }
  if (expires == nullptr || !expires->is_number()) return std::nullopt;
  if (not_before != nullptr && !not_before->is_number()) return std::nullopt;
  token.access_key = *issuer->as_string();
  token.expires_at_s = *expires->as_double();
  if (not_before != nullptr) token.not_before_s = not_before->as_double();
  token.signed_bytes = credential.substr(0, segments->header.size() + 1 + segments->payload.size());
  token.signature = std::move(*signature);
  return token;
}

TokenVerdict verify_token(const Token& token, const std::optional<std::string>& secret_key,
                          Timestamp now) {
  if (!token.is_hs256) return TokenVerdict::kMalformed;
  const std::string expected = hmac_sha256(secret_key.value_or(""), token.signed_bytes);
  const bool matches = equal_constant_time(token.signature, expected);
  if (!matches || !secret_key || secret_key->empty()) return TokenVerdict::kBadSignature;

  const double now_s = seconds_of(now);
  const auto leeway = static_cast<double>(kTokenLeeway.count());
  const auto horizon = static_cast<double>(kTokenHorizon.count());
  if (token.expires_at_s > now_s + horizon + leeway) return TokenVerdict::kMalformed;
  if (token.not_before_s && *token.not_before_s > now_s + leeway) return TokenVerdict::kNotYetValid;
  if (token.expires_at_s < now_s - leeway) return TokenVerdict::kExpired;
  return TokenVerdict::kValid;
}

std::string sign_token(std::string_view access_key, std::string_view secret_key, Timestamp now,
                       Seconds lifetime) {
  const int64_t now_s = to_unix_s(now);
  std::string payload;
  json::Writer(payload)
      .begin_object()
      .member("iss", access_key)
      .member("exp", now_s + lifetime.count())
      .member("nbf", now_s - 5)
      .end_object();
  std::string token = to_base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + to_base64url(payload);
  return token + "." + to_base64url(hmac_sha256(secret_key, token));
}

}  // namespace rushes::access

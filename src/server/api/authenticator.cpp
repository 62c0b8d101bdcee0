#include "server/api/authenticator.h"

#include <algorithm>

#include "core/access/token.h"

namespace rushes::api {

using dialect::Answer;
using dialect::Reason;
using dialect::refuse;
using dialect::to_refusal;

namespace {

constexpr std::chrono::seconds kRememberedFor{1};
constexpr size_t kRememberedMax = 4096;
constexpr std::string_view kScheme = "Bearer ";

// The credential after "Bearer ", visible characters only.
std::optional<std::string_view> bearer_of(std::string_view header) {
  if (header.size() <= kScheme.size() || header.size() > access::kTokenSizeMax ||
      !wire::equal_ignoring_case(header.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  header.remove_prefix(kScheme.size());
  const bool visible = std::ranges::all_of(header, [](char c) { return c > ' ' && c <= '~'; });
  return visible ? std::optional(header) : std::nullopt;
}

Reason reason_of(access::TokenVerdict verdict) {
  switch (verdict) {
    case access::TokenVerdict::kBadSignature: return Reason::kAuthenticationFailed;
    case access::TokenVerdict::kNotYetValid: return Reason::kNotYetValid;
    case access::TokenVerdict::kExpired: return Reason::kExpired;
    case access::TokenVerdict::kValid:
    case access::TokenVerdict::kMalformed: break;
  }
  return Reason::kAuthorizationInvalid;
}

}  // namespace

Awaitable<Authenticator::Identified> Authenticator::authenticate(const wire::Headers& headers) {
  const std::string* header = headers.find("Authorization");
  if (!header || header->empty()) co_return refuse(Reason::kAuthorizationMissing);
  const auto credential = bearer_of(*header);
  if (!credential || headers.count("Authorization") > 1) {
    co_return refuse(Reason::kAuthorizationInvalid);
  }
  std::string text(*credential);
  if (access::looks_like_token(text)) co_return co_await check_token(std::move(text));
  std::string lookup = access::bearer_lookup(text);
  const auto known = co_await find(access::KeyKind::kBearer, std::move(lookup));
  if (!known) co_return std::unexpected(known.error());
  if (!*known) co_return refuse(Reason::kKeyUnknown);
  co_return (*known)->caller;
}

Awaitable<Authenticator::Identified> Authenticator::check_token(std::string text) {
  const auto token = access::parse_token(text);
  if (!token) co_return refuse(Reason::kAuthorizationInvalid);
  const auto known = co_await find(access::KeyKind::kAccessKey, token->access_key);
  if (!known) co_return std::unexpected(known.error());
  std::optional<std::string> secret_key;
  if (*known) {
    auto opened = secret_.open((*known)->record.sealed_secret, token->access_key);
    if (!opened) co_return std::unexpected(to_refusal(std::move(opened).error()));
    secret_key = std::move(*opened);
  }
  // An unknown AccessKey costs the same work and gets the same answer as a bad signature.
  const auto verdict = access::verify_token(*token, secret_key, clock_.now());
  if (verdict != access::TokenVerdict::kValid) co_return refuse(reason_of(verdict));
  co_return (*known)->caller;
}

Awaitable<Authenticator::Found> Authenticator::find(access::KeyKind kind, std::string lookup) {
  const auto now = clock_.monotonic();
  const std::string name = (kind == access::KeyKind::kBearer ? "b" : "a") + lookup;
  {
    const std::lock_guard lock(mutex_);
    const auto known = remembered_.find(name);
    if (known != remembered_.end() && now < known->second.until) co_return known->second.known;
  }
  auto record = co_await store_.find_key(kind, std::move(lookup));
  if (!record) co_return std::unexpected(to_refusal(std::move(record).error()));
  if (!*record || (*record)->revoked_at) co_return nullptr;
  auto account = co_await store_.find_account((*record)->account);
  if (!account) co_return std::unexpected(to_refusal(std::move(account).error()));
  if (!*account) co_return nullptr;
  auto caller = std::make_shared<const Caller>(std::move(**account));
  auto known = std::make_shared<const Known>(std::move(**record), std::move(caller));
  {
    const std::lock_guard lock(mutex_);
    // Everything in it is a second old at most: forgetting all is cheap.
    if (remembered_.size() >= kRememberedMax) remembered_.clear();
    remembered_.insert_or_assign(name, Remembered{known, now + kRememberedFor});
  }
  co_return known;
}

}  // namespace rushes::api

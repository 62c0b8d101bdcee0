#include "server/api/middleware.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "core/wire/url.h"

namespace rushes::api {

using dialect::Answer;
using dialect::Reason;
using dialect::Refusal;
using dialect::refuse;

namespace {

constexpr size_t kIdempotencyKeyBytesMax = 255;
constexpr size_t kEchoCharactersMax = 64;
constexpr int kPayloadTooLarge = 413;

Answer<void> find_endpoint(const Service& service, Exchange& exchange) {
  Router::Match match = service.router.match(exchange.request.method, exchange.request.path());
  if (match.endpoint) exchange.dialect = match.endpoint->dialect;
  if (match.kind != Router::Match::Kind::kNoSuchPath) exchange.endpoint = match.endpoint;
  switch (match.kind) {
    case Router::Match::Kind::kNoSuchPath:
      // A path that cannot be decoded may have been meant as an id of a task: no such resource.
      if (!wire::split_path(exchange.request.path())) return refuse(Reason::kNotFound);
      return refuse(Reason::kNotFound, "This API is not available");
    case Router::Match::Kind::kWrongMethod: return refuse(Reason::kMethodInvalid);
    case Router::Match::Kind::kFound: break;
  }
  exchange.parameters = std::move(match.parameters);
  return {};
}

Awaitable<Answer<void>> authenticate(const Service& service, Exchange& exchange) {
  if (exchange.endpoint->access == Access::kPublic) co_return Answer<void>();
  auto caller = co_await service.authenticator.authenticate(exchange.request.headers);
  if (!caller) co_return std::unexpected(std::move(caller).error());
  exchange.caller = std::move(*caller);
  exchange.account = exchange.caller->id();
  co_return Answer<void>();
}

Answer<void> check_account(const Service&, Exchange& exchange) {
  if (!exchange.caller) return {};
  if (exchange.caller->status() == Caller::Status::kSuspended) {
    return refuse(Reason::kAccountSuspended);
  }
  if (!exchange.caller->may_call_from(exchange.request.peer)) {
    return refuse(Reason::kAddressBlocked);
  }
  return {};
}

Answer<void> limit_rate(const Service& service, Exchange& exchange) {
  if (!exchange.account.empty() && !service.limiter.take(exchange.account, exchange.at)) {
    return refuse(Reason::kRateLimited);
  }
  return {};
}

Answer<void> limit_body(const Service& service, Exchange& exchange) {
  if (exchange.request.body.size() > service.options.body_bytes_max) {
    return std::unexpected(Refusal{.reason = Reason::kBodyInvalid, .status = kPayloadTooLarge});
  }
  return {};
}

Answer<void> read_idempotency_key(const Service&, Exchange& exchange) {
  const std::string* key = exchange.request.headers.find("Idempotency-Key");
  if (!key || key->empty()) return {};
  const bool visible = std::ranges::all_of(*key, [](char c) { return c >= ' ' && c <= '~'; });
  if (!visible || key->size() > kIdempotencyKeyBytesMax) {
    const std::string_view echoed = visible ? std::string_view(*key) : "";
    return refuse(Reason::kFieldInvalid,
                  fmt::format("Idempotency-Key value '{}' is invalid",
                              truncate_code_points(echoed, kEchoCharactersMax)));
  }
  exchange.idempotency_key = *key;
  return {};
}

constexpr std::array kSteps{
    Step{.name = "route",
         .sentence = "An unknown path or method ends here, before anything is known of the client.",
         .check = find_endpoint},
    Step{.name = "auth",
         .sentence = "A key or a signed token becomes an account; public endpoints need none.",
         .ask = authenticate},
    Step{.name = "account",
         .sentence = "A suspended account, or one that calls from where it may not, ends here.",
         .check = check_account},
    Step{.name = "rate limit",
         .sentence = "An account that asks too often is told when to come back.",
         .check = limit_rate},
    Step{.name = "body limit",
         .sentence = "A body beyond the limit is not looked at.",
         .check = limit_body},
    Step{.name = "idempotency",
         .sentence = "A create under a key that was used before is answered as the first was.",
         .check = read_idempotency_key},
};
static_assert(std::ranges::all_of(kSteps, [](const Step& step) {
  return (step.check == nullptr) != (step.ask == nullptr);
}));

}  // namespace

std::span<const Step> middleware() { return kSteps; }

}  // namespace rushes::api

// The vendor's error bodies: HTTP status and text of every reason.
#include <fmt/format.h>

#include "base/json/writer.h"
#include "base/utf8.h"
#include "core/dialect/aiml/aiml.h"
#include "core/dialect/aiml/headers.h"
#include "core/dialect/lenient.h"
#include "core/wire/url.h"

namespace rushes::dialect::aiml {
namespace {

struct Row {
  Reason reason;
  int status;
  std::string_view message;
  int retry_after_s = 0;  // 0: the client must change something first
};

constexpr std::string_view kNeedsKey = "This request requires a valid API key.";
constexpr std::string_view kInternal = "Internal server error";

constexpr Row kRows[] = {
    {Reason::kAuthenticationFailed, 401, kNeedsKey},
    {Reason::kAuthorizationMissing, 401, kNeedsKey},
    {Reason::kAuthorizationInvalid, 401, kNeedsKey},
    {Reason::kKeyUnknown, 401, kNeedsKey},
    {Reason::kNotYetValid, 401, kNeedsKey},
    {Reason::kExpired, 401, kNeedsKey},
    {Reason::kAccountSuspended, 403, "Your account is suspended."},
    {Reason::kAccountInArrears, 403, "Your account has an unpaid balance."},
    {Reason::kBalanceExhausted, 403, "You've run out of credits."},
    {Reason::kAddressBlocked, 403, "This API key may not be used from this address."},
    {Reason::kPermissionDenied, 403, "This API key has no access to the requested resource."},
    {Reason::kBodyInvalid, 400, "Body validation error\nExpected a JSON object"},
    {Reason::kFieldInvalid, 400, "Body validation error"},
    {Reason::kMethodInvalid, 404, "Not Found"},
    {Reason::kNotFound, 404, "Not Found"},
    {Reason::kRateLimited, 429, "Too Many Requests", 1},
    {Reason::kConcurrencyExceeded, 429, "Too Many Requests", 5},
    {Reason::kQueueFull, 429, "Too Many Requests", 5},
    {Reason::kInternal, 500, kInternal},
    {Reason::kUnavailable, 503, "Service unavailable", 5},
    {Reason::kTimeout, 504, "Generation timeout"},
};

constexpr Row kInternalRow{Reason::kInternal, 500, kInternal};

const Row& row_of(Reason reason) {
  for (const Row& row : kRows) {
    if (row.reason == reason) return row;
  }
  return kInternalRow;
}

std::string message_of(const ReplyContext& context, const Refusal& refusal, const Row& row) {
  if (!refusal.message.empty()) return refusal.message;
  // HTTP's own refusals (413, 431, ...) have no text of the vendor's.
  if (refusal.status) return std::string(wire::reason_phrase(*refusal.status));
  if (refusal.reason == Reason::kMethodInvalid) {
    return fmt::format("Cannot {} {}", context.request.method, context.request.path());
  }
  return std::string(row.message);
}

// Of a poll: the task that it asks for, whether there is one or not.
std::optional<TaskId> asked_for(const wire::Request& request) {
  if (request.method != "GET") return std::nullopt;
  const auto pairs = wire::parse_query(request.query());
  if (!pairs) return std::nullopt;
  const std::string* text = find_in_query(*pairs, "generation_id");
  return text ? parse_generation_id(*text) : std::nullopt;
}

}  // namespace

wire::Response AimlDialect::encode_refusal(const ReplyContext& context,
                                           const Refusal& refusal) const {
  const Row& row = row_of(refusal.reason);
  wire::Response response = start_response(context, refusal.status.value_or(row.status));
  if (const auto id = asked_for(context.request)) add_inference_id(response, *id);
  const auto default_wait = std::chrono::seconds(row.retry_after_s);
  if (const auto wait = refusal.retry_after.value_or(default_wait); wait.count() > 0) {
    response.headers.add("Retry-After", std::to_string(wait.count()));
  }
  // A target may hold any bytes; JSON text may not.
  const std::string_view path = context.request.path();
  const std::string message = message_of(context, refusal, row);
  json::Writer(response.body)
      .begin_object()
      .member("message", is_valid_utf8(message) ? message : std::string(row.message))
      .member("path", is_valid_utf8(path) ? path : std::string_view())
      .member("requestId", context.request_id)
      .member("statusCode", response.status)
      .member("timestamp", to_iso8601(context.now))
      .end_object();
  return response;
}

}  // namespace rushes::dialect::aiml

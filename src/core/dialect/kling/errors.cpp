// The vendor's error codes: HTTP status, code and literal text of every reason.
#include "base/json/writer.h"
#include "core/dialect/kling/kling.h"

namespace rushes::dialect::kling {
namespace {

struct Row {
  Reason reason;
  int status;
  int code;
  std::string_view message;
  int retry_after_s = 0;  // 0: the client must change something first
};

// 429 is both retryable (1302, 1303) and final (other codes), so clients switch on the code; some
// match the texts of 1102 and 1303.
constexpr Row kRows[] = {
    {Reason::kAuthenticationFailed, 401, 1000, "Authentication failed"},
    {Reason::kAuthorizationMissing, 401, 1001, "Authorization is empty"},
    {Reason::kAuthorizationInvalid, 401, 1002, "Authorization is invalid"},
    {Reason::kKeyUnknown, 401, 1002, "api key not found"},
    {Reason::kNotYetValid, 401, 1003, "Authorization is not yet valid"},
    {Reason::kExpired, 401, 1004, "Authorization has expired"},
    {Reason::kAccountSuspended, 429, 1100, "Abnormal account status"},
    {Reason::kAccountInArrears, 429, 1101, "Account in arrears"},
    {Reason::kBalanceExhausted, 429, 1102, "Account balance not enough"},
    {Reason::kPermissionDenied, 403, 1103, "Unauthorized access to requested resource"},
    {Reason::kBodyInvalid, 400, 1200, "Invalid request parameters"},
    {Reason::kFieldInvalid, 400, 1201, "Invalid request parameters"},
    {Reason::kMethodInvalid, 404, 1202, "The requested method is invalid"},
    {Reason::kNotFound, 404, 1203, "The requested resource does not exist"},
    {Reason::kRateLimited, 429, 1302, "Too many requests", 1},
    {Reason::kConcurrencyExceeded, 429, 1303, "parallel task over resource pack limit", 5},
    {Reason::kQueueFull, 429, 1303, "parallel task over resource pack limit", 5},
    {Reason::kAddressBlocked, 429, 1304, "Request blocked by the IP whitelist policy"},
    {Reason::kInternal, 500, 5000, "Server internal error"},
    {Reason::kUnavailable, 503, 5001, "Server temporarily unavailable", 5},
    {Reason::kTimeout, 504, 5002, "Server internal timeout"},
};

constexpr Row kInternalRow{Reason::kInternal, 500, 5000, "Server internal error"};

const Row& row_of(Reason reason) {
  for (const Row& row : kRows) {
    if (row.reason == reason) return row;
  }
  return kInternalRow;
}

}  // namespace

wire::Response KlingDialect::encode_refusal(const ReplyContext& context,
                                            const Refusal& refusal) const {
  const Row& row = row_of(refusal.reason);
  wire::Response response;
  response.status = refusal.status.value_or(row.status);
  response.headers.add("Content-Type", "application/json");
  const auto default_wait = std::chrono::seconds(row.retry_after_s);
  if (const auto wait = refusal.retry_after.value_or(default_wait); wait.count() > 0) {
    response.headers.add("Retry-After", std::to_string(wait.count()));
  }
  json::Writer(response.body)
      .begin_object()
      .member("code", row.code)
      .member("message", refusal.message.empty() ? row.message : std::string_view(refusal.message))
      .member("request_id", context.request_id)
      .end_object();
  return response;
}

}  // namespace rushes::dialect::kling

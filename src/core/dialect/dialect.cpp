#include "core/dialect/dialect.h"

#include "base/check.h"
#include "base/utf8.h"
#include "core/wire/url.h"

namespace rushes::dialect {
namespace {

constexpr size_t kIgnoredNamesMax = 32;
constexpr size_t kIgnoredNameCharactersMax = 64;

Reason reason_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidInput:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kUnsupported:
      // Without a text for the client it is not the client's mistake.
      return error.user_message.empty() ? Reason::kInternal : Reason::kFieldInvalid;
    case ErrorCode::kUnauthenticated: return Reason::kAuthenticationFailed;
    case ErrorCode::kForbidden: return Reason::kPermissionDenied;
    case ErrorCode::kNotFound: return Reason::kNotFound;
    case ErrorCode::kLimitExceeded: return Reason::kQueueFull;
    case ErrorCode::kUnavailable:
    case ErrorCode::kCancelled: return Reason::kUnavailable;
    case ErrorCode::kDeadlineExceeded: return Reason::kTimeout;
    case ErrorCode::kConflict:
    case ErrorCode::kCorrupt:
    case ErrorCode::kInternal: return Reason::kInternal;
  }
  return Reason::kInternal;
}

}  // namespace

Refusal to_refusal(Error error) {
  Refusal refusal;
  refusal.reason = reason_of(error);
  if (refusal.reason == Reason::kFieldInvalid) refusal.message = std::move(error.user_message);
  refusal.detail = std::move(error.message);
  return refusal;
}

wire::Response Dialect::encode_tasks(const ReplyContext&, std::span<const TaskView>) const {
  RUSHES_CHECK(false && "a dialect without a list");
  return {};
}

Answer<CostsQuery> Dialect::decode_account_costs(std::string_view) const {
  RUSHES_CHECK(false && "a dialect without accounts");
  return CostsQuery{};
}

wire::Response Dialect::encode_account_costs(const ReplyContext&,
                                             std::span<const ResourcePack>) const {
  RUSHES_CHECK(false && "a dialect without accounts");
  return {};
}

std::string ignored_fields_header(std::span<const std::string> names) {
  std::string value;
  for (const std::string& name : names.first(std::min(names.size(), kIgnoredNamesMax))) {
    if (!value.empty()) value += ", ";
    value += wire::percent_encode(truncate_code_points(name, kIgnoredNameCharactersMax));
  }
  return value;
}

std::string format_thousandths(int64_t thousandths) {
  std::string text = std::to_string(thousandths / 1000);
  std::string fraction = std::to_string(1000 + thousandths % 1000).substr(1);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (!fraction.empty()) text.append(".").append(fraction);
  return text;
}

}  // namespace rushes::dialect

#include "edge/store/bounds.h"

#include <fmt/format.h>

#include "base/check.h"

namespace rushes::store {
namespace {

void cut(std::string& text, size_t size_bytes_max) {
  if (text.size() <= size_bytes_max) return;
  size_t size = size_bytes_max;
  // Never in the middle of a code point: its later bytes are 10xxxxxx.
  while (size > 0 && (static_cast<uint8_t>(text[size]) & 0xc0) == 0x80) --size;
  text.resize(size);
}

Result<void> check(std::string_view what, size_t size_bytes, size_t size_bytes_max) {
  if (size_bytes <= size_bytes_max) return {};
  return fail_user(ErrorCode::kLimitExceeded,
                   fmt::format("{} is too long: {} bytes, at most {} are kept", what, size_bytes,
                               size_bytes_max));
}

}  // namespace

Result<void> check_bounds(const NewTask& task, size_t spec_size_bytes) {
  RUSHES_CHECK(task.task.state == TaskState::kQueued && task.task.id.value != 0 &&
               !task.task.account.empty());
  TRY_VOID(check("request", spec_size_bytes, kSpecBytesMax));
  TRY_VOID(check("external_task_id", task.task.spec.external_task_id.size(), kExternalIdBytesMax));
  TRY_VOID(check("Idempotency-Key", task.idempotency.key.size(), kNameBytesMax));
  TRY_VOID(check("fingerprint", task.idempotency.fingerprint.size(), kNameBytesMax));
  return {};
}

Result<void> check_bounds(const AccountSettings& settings) {
  const std::string& status = settings.status;
  if (status != "active" && status != "suspended" && status != "arrears") {
    return fail_user(
        ErrorCode::kInvalidInput,
        fmt::format("status value '{}' is invalid: active, suspended and arrears are known",
                    std::string_view(status).substr(0, kNameBytesMax)));
  }
  if (settings.budget.value_or(0) < 0) {
    return fail_user(ErrorCode::kInvalidInput, "budget is negative: 0 and more are allowed");
  }
  if (settings.concurrency.value_or(0) < 0) {
    return fail_user(ErrorCode::kInvalidInput, "concurrency is negative: 0 and more are allowed");
  }
  const std::pair<std::string_view, const std::vector<std::string>*> lists[] = {
      {"networks", &settings.networks},
      {"models", &settings.models},
      {"providers", &settings.providers}};
  for (const auto& [name, values] : lists) {
    if (values->size() > kSettingsCountMax) {
      return fail_user(ErrorCode::kLimitExceeded,
                       fmt::format("{} has {} entries, at most {} are "
                                   "kept",
                                   name, values->size(), kSettingsCountMax));
    }
    for (const std::string& value : *values) TRY_VOID(check(name, value.size(), kNameBytesMax));
  }
  return {};
}

Result<void> check_bounds(const Delivery& delivery) {
  RUSHES_CHECK(delivery.id.value != 0);
  TRY_VOID(check("event", delivery.event.size(), kNameBytesMax));
  TRY_VOID(check("callback_url", delivery.url.size(), kUrlBytesMax));
  TRY_VOID(check("host", delivery.host.size(), kUrlBytesMax));
  return check("body of the callback", delivery.body.size(), kBodyBytesMax);
}

Result<void> check_sealed(std::string_view name, std::string_view sealed) {
  if (name.empty()) return fail(ErrorCode::kInvalidInput, "a sealed text needs a name");
  TRY_VOID(check("name", name.size(), kNameBytesMax));
  return check("sealed text", sealed.size(), kSealedBytesMax);
}

Change within_bounds(Change change) {
  cut(change.event_name, kNameBytesMax);
  cut(change.event_detail, kTextBytesMax);
  cut(change.failure_code, kNameBytesMax);
  cut(change.failure_message, kTextBytesMax);
  if (change.notes.size() > kNoteCountMax) change.notes.resize(kNoteCountMax);
  for (std::string& note : change.notes) cut(note, kNoteBytesMax);
  if (change.attempt_record) {
    change.attempt_record = within_bounds(*std::move(change.attempt_record));
  }
  return change;
}

Attempt within_bounds(Attempt attempt) {
  for (std::string* name : {&attempt.provider, &attempt.credential, &attempt.pin, &attempt.model,
                            &attempt.handle, &attempt.status}) {
    cut(*name, kNameBytesMax);
  }
  cut(attempt.upstream_id, kExternalIdBytesMax);
  cut(attempt.upstream_request_id, kExternalIdBytesMax);
  cut(attempt.reason, kTextBytesMax);
  return attempt;
}

DeliveryTry within_bounds(DeliveryTry attempt) {
  cut(attempt.error, kTextBytesMax);
  cut(attempt.reply, kReplyBytesMax);
  return attempt;
}

}  // namespace rushes::store

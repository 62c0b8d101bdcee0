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

Change within_bounds(Change change) {
  cut(change.event_name, kNameBytesMax);
  cut(change.event_detail, kTextBytesMax);
  cut(change.failure_code, kNameBytesMax);
  cut(change.failure_message, kTextBytesMax);
  if (change.notes.size() > kNoteCountMax) change.notes.resize(kNoteCountMax);
  for (std::string& note : change.notes) cut(note, kNoteBytesMax);
  return change;
}

}  // namespace rushes::store

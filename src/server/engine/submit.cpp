#include "server/engine/submit.h"

namespace rushes::engine {
namespace {

// Twenty-two random bits a millisecond: a second collision in a row is already a curiosity.
constexpr int kIdTries = 8;

}  // namespace

Awaitable<Result<store::Created>> Submit::submit(store::NewTask task) {
  for (int tries = 1;; ++tries) {
    const Timestamp now = services_.clock.now();
    task.task.id = TaskId::make(now, static_cast<uint32_t>(services_.entropy.next_u64()));
    task.task.state = TaskState::kQueued;
    task.task.created_at = now;
    task.task.updated_at = now;
    store::NewTask copy = task;
    auto created = co_await services_.store.create_task(std::move(copy));
    const bool id_is_taken = !created && created.error().code == ErrorCode::kAlreadyExists;
    if (!id_is_taken || tries == kIdTries) co_return created;
  }
}

}  // namespace rushes::engine

#include "edge/store/sqlite/writer.h"

#include <utility>

#include "base/check.h"

namespace rushes::store::sqlite {
namespace {

constexpr size_t kGroupSizeMax = 256;
constexpr size_t kWaitingMax = 20'000;
// The log is moved into the database whenever it has grown by as many pages of 4 KiB.
constexpr int kCheckpointPages = 1000;

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection,
               std::unique_ptr<Connection> checkpoint_connection,
               std::function<void(bool committed)> on_group)
    : connection_(std::move(connection)),
      checkpoint_connection_(std::move(checkpoint_connection)),
      on_group_(std::move(on_group)),
      checkpoint_at_pages_(kCheckpointPages) {
  connection_->on_commit([this](int pages) { log_pages_ = pages; });
  writer_ = std::thread([this] { write_groups(); });
  checkpointer_ = std::thread([this] { checkpoint_in_background(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_arrived_.notify_all();
  log_grew_.notify_all();
  writer_.join();
  checkpointer_.join();
}

Result<void> Writer::health() const {
  const std::lock_guard lock(mutex_);
  if (failure_) return std::unexpected(*failure_);
  return {};
}

void Writer::enqueue(std::unique_ptr<Operation> operation) {
  std::optional<Error> refusal;
  {
    const std::lock_guard lock(mutex_);
    if (failure_) {
      refusal = failure_;
    } else if (waiting_.size() >= kWaitingMax) {
      refusal = Error{ErrorCode::kUnavailable, "store: too many writes are waiting", {}};
    } else {
      waiting_.push_back(std::move(operation));
    }
  }
  if (refusal) {
    operation->refuse(*refusal);
  } else {
    work_arrived_.notify_one();
  }
}

Writer::Group Writer::take_group() {
  std::unique_lock lock(mutex_);
  work_arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (is_busy_) {
    // More are on their way: who is ready to run on this core goes first, and the group is larger.
    // Costs nothing where nobody waits for the core.
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
  }
  Group group;
  while (!waiting_.empty() && group.size() < kGroupSizeMax) {
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  is_busy_ = group.size() > 1;
  return group;
}

void Writer::write_groups() {
  for (Group group = take_group(); !group.empty(); group = take_group()) {
    const Result<void> healthy = health();
    const Result<void> committed = healthy ? commit(group) : healthy;
    if (healthy && !committed) note_failure(committed.error());
    on_group_(committed.has_value());
    for (const auto& operation : group) {
      if (committed) {
        operation->finish();
      } else {
        operation->refuse(health().error());
      }
    }
    group.clear();
    if (committed) note_log_size(std::exchange(log_pages_, 0));
  }
}

Result<void> Writer::commit(Group& group) {
  static constexpr Sql kBegin{"begin", "BEGIN IMMEDIATE"};
  static constexpr Sql kCommit{"commit", "COMMIT"};
  Result<void> done = connection_->prepare(kBegin).run();
  for (auto operation = group.begin(); done && operation != group.end(); ++operation) {
    done = run(**operation);
  }
  if (done) done = connection_->prepare(kCommit).run();
  if (!done && connection_->is_in_transaction()) {
    ignore_error(connection_->execute("ROLLBACK"), "no further write will use this connection");
  }
  return done;
}

// An error of the operation itself is its own answer; a broken connection is everybody's.
Result<void> Writer::run(Operation& operation) {
  if (operation.undo == Undo::kSavepoint) return run_in_savepoint(operation);
  const int64_t before = connection_->total_changes();
  const bool ok = operation.run(*connection_);
  if (connection_->breakage()) return std::unexpected(*connection_->breakage());
  RUSHES_CHECK(ok || connection_->total_changes() == before);
  return {};
}

Result<void> Writer::run_in_savepoint(Operation& operation) {
  static constexpr Sql kSave{"save", "SAVEPOINT operation"};
  static constexpr Sql kRelease{"release", "RELEASE operation"};
  static constexpr Sql kUndo{"undo", "ROLLBACK TO operation"};
  TRY_VOID(connection_->prepare(kSave).run());
  const bool ok = operation.run(*connection_);
  if (connection_->breakage()) return std::unexpected(*connection_->breakage());
  if (!ok) TRY_VOID(connection_->prepare(kUndo).run());
  return connection_->prepare(kRelease).run();
}

void Writer::note_failure(Error error) {
  error.code = ErrorCode::kUnavailable;
  const std::lock_guard lock(mutex_);
  if (failure_) return;
  failure_ = std::move(error).with_context("store is read-only until restart");
}

// The bulk is moved in the background, while commits go on. What they add meanwhile keeps the log
// from ever being done, so that the writer moves that little rest itself: only then does the log
// start over in the same place. A short one is searched faster, and needs no new blocks.
void Writer::note_log_size(int pages) {
  if (pages == 0) return;  // nothing was written
  {
    const std::lock_guard lock(mutex_);
    if (failure_) return;
    switch (checkpoint_) {
      case Checkpoint::kNone:
        if (pages < checkpoint_at_pages_) return;
        checkpoint_ = Checkpoint::kDue;
        log_grew_.notify_one();
        return;
      case Checkpoint::kDue: return;
      case Checkpoint::kBulkMoved: checkpoint_ = Checkpoint::kNone; break;
    }
  }
  const Result<bool> complete = connection_->checkpoint();
  if (!complete) return note_failure(complete.error());
  checkpoint_at_pages_ = kCheckpointPages + (*complete ? 0 : pages);
}

void Writer::checkpoint_in_background() {
  std::unique_lock lock(mutex_);
  for (;;) {
    log_grew_.wait(lock, [this] { return stopping_ || checkpoint_ == Checkpoint::kDue; });
    if (stopping_ || failure_) return;
    lock.unlock();
    const Result<bool> moved = checkpoint_connection_->checkpoint();
    // After a failed fsync the kernel may have dropped the pages: only recovery from the log helps.
    if (!moved) note_failure(moved.error());
    lock.lock();
    checkpoint_ = Checkpoint::kBulkMoved;
  }
}

}  // namespace rushes::store::sqlite

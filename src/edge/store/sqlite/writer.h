// The one thread that writes. Operations that arrive while a commit is under way form the next
// group: one transaction, one fsync; what a failing operation wrote is undone, and nothing of the
// others. An operation completes after the COMMIT that holds it.
//
// After a failed write or fsync everything in that group and everything later is refused: what the
// disk then holds is known only after the recovery of a restart.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "edge/platform/async.h"
#include "edge/store/sqlite/connection.h"

namespace rushes::store::sqlite {

// How what an operation wrote is undone if it answers an error.
enum class Undo {
  kSavepoint,  // for which SQLite keeps a copy of each page that the operation touches
  kNotNeeded,  // it writes only once nothing can refuse it any more; the writer checks that
};

class Writer {
 public:
  // `checkpoint_connection` is used by the thread that moves the log into the database. `on_group`
  // hears on the writer's thread how each group ended, before its operations complete.
  Writer(std::unique_ptr<Connection> connection, std::unique_ptr<Connection> checkpoint_connection,
         std::function<void(bool committed)> on_group);
  // Finishes what was accepted, then joins.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // `work` is Result<T>(Connection&); it runs on the writer's thread.
  template <class T, class Work>
  Awaitable<Result<T>> write(Work work, Undo undo = Undo::kSavepoint) {
    auto start = [this, work = std::move(work), undo](Completion<Result<T>> done) mutable {
      enqueue(std::make_unique<TypedOperation<T, Work>>(undo, std::move(work), std::move(done)));
    };
    return await_completion<Result<T>>(std::move(start));
  }

  // Why writes are refused, if they are.
  Result<void> health() const;

 private:
  class Operation {
   public:
    explicit Operation(Undo how) : undo(how) {}
    virtual ~Operation() = default;
    virtual bool run(Connection& connection) = 0;  // false: it answers an error
    virtual void finish() = 0;
    virtual void refuse(const Error& error) = 0;

    const Undo undo;
  };

  template <class T, class Work>
  class TypedOperation final : public Operation {
   public:
    TypedOperation(Undo how, Work work, Completion<Result<T>> done)
        : Operation(how), work_(std::move(work)), done_(std::move(done)) {}
    bool run(Connection& connection) override {
      result_.emplace(work_(connection));
      return result_->has_value();
    }
    void finish() override { done_(*std::move(result_)); }
    void refuse(const Error& error) override { done_(std::unexpected(error)); }

   private:
    Work work_;
    Completion<Result<T>> done_;
    std::optional<Result<T>> result_;
  };
  using Group = std::vector<std::unique_ptr<Operation>>;

  void enqueue(std::unique_ptr<Operation> operation);
  Group take_group();
  void write_groups();
  Result<void> commit(Group& group);
  Result<void> run(Operation& operation);
  Result<void> run_in_savepoint(Operation& operation);
  void note_failure(Error error);
  void note_log_size(int pages);
  void checkpoint_in_background();

  std::unique_ptr<Connection> connection_;             // the writer thread's
  std::unique_ptr<Connection> checkpoint_connection_;  // the checkpoint thread's
  std::function<void(bool)> on_group_;
  // The writer thread's.
  int log_pages_ = 0;
  int checkpoint_at_pages_;
  bool is_busy_ = false;  // the last group had several operations

  mutable std::mutex mutex_;  // guards the members below
  std::condition_variable work_arrived_, log_grew_;
  std::deque<std::unique_ptr<Operation>> waiting_;
  std::optional<Error> failure_;
  enum class Checkpoint { kNone, kDue, kBulkMoved } checkpoint_ = Checkpoint::kNone;
  bool stopping_ = false;

  std::thread writer_, checkpointer_;
};

}  // namespace rushes::store::sqlite

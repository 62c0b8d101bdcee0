// Crashes on purpose: a store and a blob store around real ones, which stop for ever at the n-th
// durable point, as a process does that is killed there, or refuse for a while, as a full disk
// does.
#pragma once

#include <utility>
#include <vector>

#include "edge/blob/blob.h"
#include "edge/store/store.h"

namespace rushes::testing {

// Shared by what crashes together. Before and after every durable change somebody passes here.
class CrashPoint {
 public:
  // The `passes`-th pass from now crashes; 0: none does.
  void arm(int passes) { left_ = passes; }
  bool crashed() const { return crashed_; }
  // The process is gone: what waited in it is forgotten.
  void forget() {
    waiting_.clear();
    crashed_ = false;
    left_ = 0;
  }

  // Never completes once it has crashed.
  Awaitable<> pass() {
    if (left_ > 0 && --left_ == 0) crashed_ = true;
    if (!crashed_) co_return;
    auto start = [this](Completion<bool> done) { waiting_.push_back(std::move(done)); };
    co_await await_completion<bool>(std::move(start));
  }

 private:
  int left_ = 0;
  bool crashed_ = false;
  std::vector<Completion<bool>> waiting_;
};

class CrashingBlobs final : public blob::BlobStore {
 public:
  CrashingBlobs(blob::BlobStore& inner, CrashPoint& point) : inner_(inner), point_(point) {}

  Awaitable<Result<blob::Stored>> put_file(std::string key, std::string path) override {
    co_await point_.pass();
    auto stored = co_await inner_.put_file(std::move(key), std::move(path));
    co_await point_.pass();
    co_return stored;
  }
  Awaitable<Result<std::optional<blob::Located>>> find(std::string key) override {
    return inner_.find(std::move(key));
  }
  Awaitable<Result<void>> remove(std::string key) override {
    co_await point_.pass();
    auto removed = co_await inner_.remove(std::move(key));
    co_await point_.pass();
    co_return removed;
  }

 private:
  blob::BlobStore& inner_;
  CrashPoint& point_;
};

class CrashingStore final : public store::Store {
 public:
  CrashingStore(store::Store& inner, CrashPoint& point) : inner_(inner), point_(point) {}

  // Every change answers kUnavailable meanwhile.
  bool refuses_writes = false;

  Awaitable<Result<store::Account>> ensure_account(std::string name, Timestamp now) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.ensure_account(std::move(name), now);
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<void>> add_key(access::KeyRecord record) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.add_key(std::move(record));
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<bool>> revoke_key(KeyId id, Timestamp now) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.revoke_key(std::move(id), now);
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<store::Created>> create_task(store::NewTask task) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.create_task(std::move(task));
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<bool>> request_cancel(AccountId account, TaskId id, Timestamp now) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.request_cancel(std::move(account), id, now);
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<std::vector<Task>>> claim_tasks(store::ClaimRequest request) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.claim_tasks(std::move(request));
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<Heartbeat>> renew_leases(NodeId node, std::vector<TaskId> ids,
                                            Timestamp until) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.renew_leases(std::move(node), std::move(ids), until);
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<void>> change_task(store::Change change) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.change_task(std::move(change));
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<int>> requeue_abandoned(NodeId node, Timestamp now) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.requeue_abandoned(std::move(node), now);
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<void>> mark_purged(TaskId id, Timestamp now) override {
    if (refuses_writes) co_return refusal();
    co_await point_.pass();
    auto result = co_await inner_.mark_purged(id, now);
    co_await point_.pass();
    co_return result;
  }
  Awaitable<Result<std::optional<access::KeyRecord>>> find_key(access::KeyKind kind,
                                                               std::string lookup) override {
    return inner_.find_key(kind, std::move(lookup));
  }
  Awaitable<Result<std::vector<access::KeyRecord>>> list_keys() override {
    return inner_.list_keys();
  }
  Awaitable<Result<std::optional<Task>>> find_task(AccountId account, TaskId id) override {
    return inner_.find_task(std::move(account), id);
  }
  Awaitable<Result<std::optional<Task>>> find_task_by_external_id(AccountId account,
                                                                  std::string id) override {
    return inner_.find_task_by_external_id(std::move(account), std::move(id));
  }
  Awaitable<Result<std::vector<Task>>> list_tasks(store::ListQuery query) override {
    return inner_.list_tasks(std::move(query));
  }
  Awaitable<Result<std::vector<TaskEvent>>> list_events(TaskId id) override {
    return inner_.list_events(id);
  }
  Awaitable<Result<std::vector<store::LedgerLine>>> list_ledger(AccountId account,
                                                                int limit) override {
    return inner_.list_ledger(std::move(account), limit);
  }
  Awaitable<Result<std::optional<store::Created>>> find_replay(AccountId account,
                                                               store::Idempotency asked) override {
    return inner_.find_replay(std::move(account), std::move(asked));
  }
  Awaitable<Result<std::optional<Artifact>>> find_artifact(TaskId artifact_id) override {
    return inner_.find_artifact(artifact_id);
  }
  Awaitable<Result<int>> count_unfinished() override { return inner_.count_unfinished(); }
  Awaitable<Result<std::vector<StateCount>>> count_unfinished_by_state() override {
    return inner_.count_unfinished_by_state();
  }
  Awaitable<Result<std::vector<Task>>> list_expired(Timestamp before, int limit) override {
    return inner_.list_expired(before, limit);
  }
  Awaitable<Result<void>> record_progress(TaskId id, int attempt, int percent) override {
    return inner_.record_progress(id, attempt, percent);
  }
  Result<void> health() const override {
    if (refuses_writes) return refusal();
    return inner_.health();
  }

 private:
  static std::unexpected<Error> refusal() {
    return fail(ErrorCode::kUnavailable, "the disk is full");
  }

  store::Store& inner_;
  CrashPoint& point_;
};

}  // namespace rushes::testing

#include <algorithm>

#include "core/task/transitions.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {
namespace {

enum class Made { kElsewhere, kHere };  // by a provider; rendered by us
constexpr int64_t kNoLimit = -1;
constexpr int64_t kNoLease = -1;

struct Leased {
  TaskId id;
  TaskState state = TaskState::kQueued;
  AccountId account;
  std::string provider;
  NodeId node;
};

Result<std::vector<Leased>> read_leased(Statement& select) {
  std::vector<Leased> found;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return found;
    const auto state = parse_task_state(select.text_view(1));
    if (!state) return fail(ErrorCode::kCorrupt, "stored task: unknown state");
    found.push_back(
        {task_id_at(select, 0), *state, {select.text(2)}, select.text(3), {select.text(4)}});
  }
}

// Those of `node`, but for those leased until `but_until`.
Result<std::vector<Leased>> own_leases(Connection& connection, const NodeId& node, Made made,
                                       int64_t but_until, int64_t limit) {
  if (node.empty()) return std::vector<Leased>{};
  Statement select = connection.prepare(sql::select_own_leases);
  select.bind_all(node.value, but_until, int64_t{made == Made::kHere}, limit);
  return read_leased(select);
}

Result<std::vector<Leased>> expired_leases(Connection& connection, Timestamp now, Made made,
                                           int64_t limit) {
  Statement select = connection.prepare(sql::select_expired_leases);
  select.bind_all(to_unix_ms(now), int64_t{made == Made::kHere}, limit);
  return read_leased(select);
}

Result<int> requeue(Transaction transaction, const std::vector<Leased>& tasks,
                    std::string_view event, Timestamp now) {
  int count = 0;
  for (const Leased& task : tasks) {
    const auto to = next_state(task.state, TaskEventKind::kAbandon);
    if (!to) continue;
    {
      Statement update = transaction.connection.prepare(sql::requeue_task);
      TRY_VOID(update.bind_all(to_column(task.id), to_string(*to)).run());
    }
    TRY_VOID(add_event(transaction.connection, task.id, now, event, task.node.value));
    transaction.load.move(task.account, {task.state, task.provider}, {*to, task.provider});
    ++count;
  }
  return count;
}

Result<Adopted> adopt(Connection& connection, TaskId id, const AdoptRequest& request) {
  Adopted adopted;
  TRY(adopted.task, select_task(connection, id));
  TRY(adopted.attempt, find_attempt(connection, id, adopted.task.attempt));
  {
    Statement update = connection.prepare(sql::adopt_task);
    TRY_VOID(
        update.bind_all(to_column(id), request.node.value, to_unix_ms(request.lease_until)).run());
  }
  TRY_VOID(add_event(connection, id, request.now, "adopted", request.node.value));
  return adopted;
}

}  // namespace

Result<Store::Heartbeat> renew_leases(Connection& connection, const NodeId& node,
                                      const std::vector<TaskId>& ids, Timestamp until) {
  Store::Heartbeat heartbeat;
  for (const TaskId id : ids) {
    Statement update = connection.prepare(sql::renew_lease);
    TRY(const bool row, update.bind_all(to_column(id), node.value, to_unix_ms(until)).step());
    if (!row) continue;
    heartbeat.held.push_back(id);
    if (update.integer(0) != 0) heartbeat.cancel_requested.push_back(id);
  }
  return heartbeat;
}

Result<int> requeue_abandoned(Transaction transaction, const NodeId& node, Timestamp now) {
  TRY(const auto own, own_leases(transaction.connection, node, Made::kHere, kNoLease, kNoLimit));
  TRY(const int own_count, requeue(transaction, own, "abandoned", now));
  TRY(const auto expired, expired_leases(transaction.connection, now, Made::kHere, kNoLimit));
  TRY(const int expired_count, requeue(transaction, expired, "lease_expired", now));
  return own_count + expired_count;
}

Result<std::vector<Adopted>> adopt_remote(Transaction transaction, const AdoptRequest& request) {
  Connection& connection = transaction.connection;
  const int limit = std::max(request.limit, 0);
  std::vector<Leased> tasks;
  if (request.own) {
    TRY(tasks, own_leases(connection, request.node, Made::kElsewhere,
                          to_unix_ms(request.lease_until), limit));
  }
  TRY(const auto expired, expired_leases(connection, request.now, Made::kElsewhere, limit));
  for (const Leased& task : expired) {
    const bool is_own = request.own && task.node == request.node;
    if (!is_own && static_cast<int>(tasks.size()) < limit) tasks.push_back(task);
  }
  std::vector<Adopted> adopted;
  for (const Leased& task : tasks) {
    Result<Adopted> one = adopt(connection, task.id, request);
    if (one) {
      adopted.push_back(*std::move(one));
    } else {
      TRY_VOID(fail_unreadable(transaction, task.id, one.error(), request.now));
    }
  }
  return adopted;
}

Result<void> release_leases(Connection& connection, const NodeId& node) {
  Statement update = connection.prepare(sql::release_leases);
  return update.bind(node.value).run();
}

}  // namespace rushes::store::sqlite

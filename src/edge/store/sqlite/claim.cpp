#include <algorithm>

#include "base/check.h"
#include "core/task/transitions.h"
#include "edge/store/fairness.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {
namespace {

Result<std::vector<AccountId>> waiting_accounts(Connection& connection,
                                                const std::string& provider) {
  Statement select = connection.prepare(sql::select_queued_accounts);
  select.bind(provider);
  std::vector<AccountId> accounts;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return accounts;
    accounts.push_back({select.text(0)});
  }
}

// How many more of the account's tasks may be in work, of those asked for.
Result<int64_t> room_of(Transaction transaction, const AccountId& account, int limit) {
  TRY(const AccountLimits limits, transaction.load.limits_of(transaction.connection, account));
  if (!limits.concurrency) return limit;
  return std::min<int64_t>(limit, *limits.concurrency - transaction.load.of(account).in_work);
}

Result<FairQueue> queue_of(Transaction transaction, const AccountId& account,
                           const ClaimRequest& request) {
  TRY(const int64_t room, room_of(transaction, account, request.limit));
  FairQueue queue;
  if (room <= 0) return queue;
  const auto& in_work_at = transaction.load.of(account).in_work_at;
  const auto found = in_work_at.find(request.provider);
  queue.in_work = found == in_work_at.end() ? 0 : static_cast<int>(found->second);
  Statement select = transaction.connection.prepare(sql::select_due);
  select.bind_all(request.provider, account.value, to_unix_ms(request.now), room);
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return queue;
    queue.due.push_back({time_at(select, 0), task_id_at(select, 1).value});
  }
}

Result<void> claim(Transaction transaction, Task& task, const ClaimRequest& request) {
  const bool is_visible = !task.begun && public_state(request.to) == PublicState::kProcessing;
  task.state = request.to;
  ++task.attempt;
  if (is_visible) {
    task.begun = true;
    task.updated_at = request.now;
  }
  {
    Statement update = transaction.connection.prepare(sql::claim_task);
    TRY_VOID(update
                 .bind_all(to_column(task.id), to_string(task.state), int64_t{task.attempt},
                           request.node.value, to_unix_ms(request.lease_until),
                           to_unix_ms(task.updated_at), int64_t{task.begun})
                 .run());
  }
  TRY_VOID(add_event(transaction.connection, task.id, request.now, "claimed", request.node.value));
  if (is_visible && !task.spec.callback_url.empty()) TRY_VOID(write_owed(transaction, task));
  transaction.load.move(task.account, {TaskState::kQueued, task.provider},
                        {task.state, task.provider});
  return {};
}

}  // namespace

Result<std::vector<std::string>> list_queues(Connection& connection) {
  Statement select = connection.prepare(sql::select_queues);
  std::vector<std::string> names;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return names;
    names.push_back(select.text(0));
  }
}

Result<std::vector<Task>> claim_tasks(Transaction transaction, const ClaimRequest& request) {
  RUSHES_CHECK(request.to == TaskState::kRendering || request.to == TaskState::kSubmitting);
  TRY(const std::vector<AccountId> accounts,
      waiting_accounts(transaction.connection, request.provider));
  std::vector<FairQueue> queues;
  for (const AccountId& account : accounts) {
    TRY(FairQueue queue, queue_of(transaction, account, request));
    queues.push_back(std::move(queue));
  }
  std::vector<Task> claimed;
  for (const uint64_t id : choose_fairly(std::move(queues), request.limit)) {
    Result<Task> task = select_task(transaction.connection, TaskId{id});
    if (task) {
      TRY_VOID(claim(transaction, *task, request));
      claimed.push_back(*std::move(task));
    } else {
      TRY_VOID(fail_unreadable(transaction, TaskId{id}, task.error(), request.now));
    }
  }
  return claimed;
}

}  // namespace rushes::store::sqlite

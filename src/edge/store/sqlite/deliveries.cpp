#include <algorithm>
#include <map>

#include "edge/store/bounds.h"
#include "edge/store/fairness.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {
namespace {

struct Row {
  int64_t sequence = 0;
  TaskId task;
};

Result<bool> is_id_taken(Connection& connection, TaskId id) {
  Statement select = connection.prepare(sql::select_delivery_id);
  return select.bind(to_column(id)).step();
}

Result<void> insert(Connection& connection, const Delivery& delivery, bool waits) {
  Statement insert = connection.prepare(sql::insert_delivery);
  return insert
      .bind_all(to_column(delivery.id), to_column(delivery.task), delivery.account.value,
                delivery.event, int64_t{delivery.terminal}, delivery.url, delivery.host,
                delivery.body, to_unix_ms(delivery.created_at), to_string(delivery.state),
                int64_t{delivery.tries}, to_unix_ms(delivery.due_at), int64_t{waits})
      .run();
}

struct Siblings {
  bool pending = false;
  bool gone = false;
};

Result<Siblings> siblings_of(Connection& connection, TaskId task) {
  Statement select = connection.prepare(sql::select_siblings);
  TRY(const bool row, select.bind(to_column(task)).step());
  return Siblings{row && select.integer(0) > 0, row && select.integer(1) > 0};
}

Result<bool> is_superseded(Connection& connection, const Row& row) {
  Statement select = connection.prepare(sql::select_later_terminal);
  return select.bind_all(to_column(row.task), row.sequence).step();
}

Result<void> run_for_task(Connection& connection, const Sql& sql, TaskId task) {
  Statement statement = connection.prepare(sql);
  return statement.bind(to_column(task)).run();
}

// What a delivery that was under way comes to; `due_at` only for a try that was made.
struct Ending {
  DeliveryState to = DeliveryState::kPending;
  int tries = 0;
  std::optional<Timestamp> due_at;
};

Result<void> end_sending(Connection& connection, const Row& row, Ending ending) {
  if (ending.to == DeliveryState::kPending) {
    TRY(const bool superseded, is_superseded(connection, row));
    if (superseded) ending.to = DeliveryState::kSuperseded;
  }
  {
    Statement update = connection.prepare(sql::end_sending);
    TRY_VOID(update
                 .bind_all(row.sequence, to_string(ending.to), int64_t{ending.tries},
                           to_column(ending.due_at))
                 .run());
  }
  if (ending.to == DeliveryState::kGone) {
    TRY_VOID(run_for_task(connection, sql::end_siblings, row.task));
  }
  if (ending.to == DeliveryState::kPending) return {};
  return run_for_task(connection, sql::promote_next, row.task);
}

Result<std::vector<Row>> read_rows(Statement& select) {
  std::vector<Row> rows;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return rows;
    rows.push_back({select.integer(0), task_id_at(select, 1)});
  }
}

Result<void> end_expired_leases(Connection& connection, Timestamp now) {
  std::vector<Row> rows;
  {
    Statement select = connection.prepare(sql::select_expired_sending);
    select.bind(to_unix_ms(now));
    TRY(rows, read_rows(select));
  }
  for (const Row& row : rows) TRY_VOID(end_sending(connection, row, {}));
  return {};
}

Result<std::map<std::string, int>> leased_by_host(Connection& connection) {
  std::map<std::string, int> leased;
  Statement select = connection.prepare(sql::count_leased_by_host);
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return leased;
    leased[select.text(0)] = static_cast<int>(select.integer(1));
  }
}

Result<std::vector<std::string>> waiting_hosts(Connection& connection) {
  std::vector<std::string> hosts;
  Statement select = connection.prepare(sql::select_waiting_hosts);
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return hosts;
    hosts.push_back(select.text(0));
  }
}

Result<std::vector<FairQueue>> due_by_host(Connection& connection, const ClaimDeliveries& request) {
  TRY(const auto leased, leased_by_host(connection));
  TRY(const auto hosts, waiting_hosts(connection));
  std::vector<FairQueue> queues;
  for (const std::string& host : hosts) {
    FairQueue queue;
    const auto found = leased.find(host);
    queue.in_work = found == leased.end() ? 0 : found->second;
    const int room = std::min(request.limit, request.per_host_max - queue.in_work);
    if (room <= 0) continue;
    Statement select = connection.prepare(sql::select_due_deliveries);
    select.bind_all(host, to_unix_ms(request.now), int64_t{room});
    for (;;) {
      TRY(const bool row, select.step());
      if (!row) break;
      queue.due.push_back({time_at(select, 0), static_cast<uint64_t>(select.integer(1))});
    }
    queues.push_back(std::move(queue));
  }
  return queues;
}

Result<Delivery> lease(Connection& connection, uint64_t sequence, const ClaimDeliveries& request) {
  Statement update = connection.prepare(sql::lease_delivery);
  TRY(const bool row, update
                          .bind_all(static_cast<int64_t>(sequence), request.node.value,
                                    to_unix_ms(request.lease_until))
                          .step());
  if (!row) return fail(ErrorCode::kInternal, "a due delivery vanished");
  return read_delivery(update);
}

Result<std::optional<Timestamp>> first_time(Connection& connection, const Sql& sql) {
  Statement select = connection.prepare(sql);
  TRY(const bool row, select.step());
  if (!row) return std::nullopt;
  return optional_time_at(select, 0);
}

Result<void> delete_delivery(Connection& connection, TaskId id) {
  TRY_VOID(run_for_task(connection, sql::delete_tries, id));
  return run_for_task(connection, sql::delete_delivery, id);
}

}  // namespace

Result<void> write_owed(Transaction transaction, const Task& after) {
  if (transaction.outbox == nullptr) return {};
  std::optional<Delivery> owed = transaction.outbox->owed(after);
  if (!owed) return {};
  Connection& connection = transaction.connection;
  owed->task = after.id;
  owed->account = after.account;
  owed->tries = 0;
  for (;;) {
    TRY(const bool taken, is_id_taken(connection, owed->id));
    if (!taken) break;
    ++owed->id.value;
  }
  if (owed->terminal) {
    Statement update = connection.prepare(sql::supersede_unsent);
    TRY_VOID(update.bind_all(to_column(after.id), to_unix_ms(after.updated_at)).run());
  }
  TRY(const Siblings siblings, siblings_of(connection, after.id));
  owed->state = siblings.gone ? DeliveryState::kGone : DeliveryState::kPending;
  return insert(connection, *owed, siblings.pending);
}

Result<void> add_delivery(Connection& connection, const Delivery& delivery) {
  TRY_VOID(insert(connection, delivery, /*waits=*/false));
  std::vector<TaskId> surplus;
  {
    Statement select = connection.prepare(sql::select_surplus_tests);
    select.bind_all(delivery.account.value, int64_t{kTestDeliveriesMax});
    for (;;) {
      TRY(const bool row, select.step());
      if (!row) break;
      surplus.push_back(task_id_at(select, 0));
    }
  }
  for (const TaskId id : surplus) TRY_VOID(delete_delivery(connection, id));
  return {};
}

Result<std::vector<Delivery>> claim_deliveries(Connection& connection,
                                               const ClaimDeliveries& request) {
  TRY_VOID(end_expired_leases(connection, request.now));
  TRY(const auto earliest, first_time(connection, sql::select_earliest_due));
  std::vector<Delivery> claimed;
  if (!earliest || *earliest > request.now) return claimed;
  TRY(std::vector<FairQueue> queues, due_by_host(connection, request));
  for (const uint64_t sequence : choose_fairly(std::move(queues), request.limit)) {
    TRY(Delivery delivery, lease(connection, sequence, request));
    claimed.push_back(std::move(delivery));
  }
  return claimed;
}

Result<void> finish_try(Connection& connection, const TryResult& result) {
  const DeliveryTry& made = result.attempt;
  Row row;
  {
    Statement select = connection.prepare(sql::select_sent);
    select.bind_all(to_column(made.delivery), int64_t{made.number} - 1, result.node.value);
    TRY(const bool found, select.step());
    if (!found) {
      return fail(ErrorCode::kConflict, "delivery " + made.delivery.to_string() + " is elsewhere");
    }
    row = {select.integer(0), task_id_at(select, 1)};
  }
  {
    Statement insert = connection.prepare(sql::insert_try);
    TRY_VOID(insert
                 .bind_all(to_column(made.delivery), int64_t{made.number}, to_unix_ms(made.at),
                           int64_t{made.duration.count()}, int64_t{made.status}, made.error,
                           made.reply)
                 .run());
  }
  if (made.number > kTriesKeptMax) {
    Statement remove = connection.prepare(sql::delete_old_tries);
    remove.bind_all(to_column(made.delivery), int64_t{made.number - kTriesKeptMax});
    TRY_VOID(remove.run());
  }
  Ending ending{.to = result.to, .tries = 1, .due_at = std::nullopt};
  if (result.to == DeliveryState::kPending) ending.due_at = result.due_at;
  return end_sending(connection, row, ending);
}

Result<std::optional<Timestamp>> earliest_due_delivery(Connection& connection) {
  TRY(const auto due, first_time(connection, sql::select_earliest_due));
  TRY(const auto lease_end, first_time(connection, sql::select_earliest_lease));
  if (!due || !lease_end) return due ? due : lease_end;
  return std::min(*due, *lease_end);
}

Result<int> requeue_deliveries(Connection& connection, const NodeId& node) {
  std::vector<Row> rows;
  {
    Statement select = connection.prepare(sql::select_own_sending);
    select.bind(node.value);
    TRY(rows, read_rows(select));
  }
  for (const Row& row : rows) TRY_VOID(end_sending(connection, row, {}));
  return static_cast<int>(rows.size());
}

Result<bool> replay_delivery(Connection& connection, const AccountId& account, TaskId id,
                             Timestamp now) {
  Row row;
  {
    Statement select = connection.prepare(sql::select_replayed);
    TRY(const bool found, select.bind_all(to_column(id), account.value).step());
    if (!found) return false;
    if (select.integer(2) != 0) return true;  // it is being sent at this moment
    row = {select.integer(0), task_id_at(select, 1)};
  }
  {
    Statement update = connection.prepare(sql::replay_delivery);
    TRY_VOID(update.bind_all(row.sequence, to_unix_ms(now)).run());
  }
  TRY_VOID(run_for_task(connection, sql::promote_next, row.task));
  return true;
}

Result<std::vector<Delivery>> list_deliveries(Connection& connection, const DeliveryQuery& query) {
  const int64_t limit = std::clamp(query.limit, 0, kListLimitMax);
  Statement select =
      connection.prepare(query.task              ? sql::select_deliveries_of_task
                         : query.account.empty() ? sql::select_deliveries
                                                 : sql::select_deliveries_of_account);
  if (query.task) select.bind(to_column(*query.task));
  if (query.task || !query.account.empty()) select.bind(query.account.value);
  select.bind(limit);
  std::vector<Delivery> deliveries;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return deliveries;
    TRY(Delivery delivery, read_delivery(select));
    deliveries.push_back(std::move(delivery));
  }
}

Result<std::optional<Delivery>> find_delivery(Connection& connection, const AccountId& account,
                                              TaskId id) {
  Statement select = connection.prepare(sql::select_delivery);
  TRY(const bool row, select.bind_all(to_column(id), account.value).step());
  if (!row) return std::nullopt;
  TRY(Delivery delivery, read_delivery(select));
  return delivery;
}

Result<std::vector<DeliveryTry>> list_tries(Connection& connection, TaskId id) {
  Statement select = connection.prepare(sql::select_tries);
  select.bind(to_column(id));
  std::vector<DeliveryTry> tries;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return tries;
    tries.push_back(read_try(select));
  }
}

Result<void> delete_deliveries(Connection& connection, TaskId task) {
  TRY_VOID(run_for_task(connection, sql::delete_tries_of_task, task));
  return run_for_task(connection, sql::delete_deliveries_of_task, task);
}

}  // namespace rushes::store::sqlite

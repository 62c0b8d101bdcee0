// Every statement finds its rows by an index: a scan that is quick with ten tasks stops the server
// with a hundred thousand.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <set>
#include <string>

#include "edge/store/conformance.h"
#include "edge/store/sqlite/schema.h"

namespace rushes::store::sqlite {
namespace {

class Plans : public ::testing::Test {
 protected:
  Plans() {
    EXPECT_EQ(sqlite3_open(":memory:", &handle_), SQLITE_OK);
    for (const std::string_view migration : kMigrations) {
      EXPECT_EQ(sqlite3_exec(handle_, std::string(migration).c_str(), nullptr, nullptr, nullptr),
                SQLITE_OK);
    }
  }
  ~Plans() override { sqlite3_close(handle_); }

  std::string plan_of(const Sql& sql) {
    const std::string text = "EXPLAIN QUERY PLAN " + std::string(sql.text);
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(handle_, text.c_str(), -1, &statement, nullptr), SQLITE_OK)
        << sql.name << ": " << sqlite3_errmsg(handle_);
    std::string plan;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      plan += reinterpret_cast<const char*>(sqlite3_column_text(statement, 3));
      plan += '\n';
    }
    sqlite3_finalize(statement);
    return plan;
  }

  sqlite3* handle_ = nullptr;
};

TEST_F(Plans, NoStatementScansATable) {
  // These read all of something small: accounts, keys, one entry of an index for each account or
  // host, what is under way, the newest rows, the counts at start-up.
  const std::set<std::string> small{
      "select_accounts",        "select_keys",        "select_load",       "select_spending",
      "select_queued_accounts", "select_own_leases",  "release_leases",    "select_waiting_hosts",
      "count_leased_by_host",   "select_own_sending", "select_deliveries", "select_queues"};
  for (const Sql& sql : sql::kAll) {
    const std::string plan = plan_of(sql);
    if (small.contains(sql.name)) continue;
    // The scan of a page is of the few rows that the inner query found.
    for (size_t at = plan.find("SCAN "); at != std::string::npos; at = plan.find("SCAN ", at + 1)) {
      const std::string what = plan.substr(at + 5, plan.find('\n', at) - at - 5);
      EXPECT_TRUE(what == "page" || what == "expired") << sql.name << ":\n" << plan;
    }
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << sql.name << ":\n" << plan;
  }
}

TEST_F(Plans, TheHotStatementsUseTheIndexMadeForThem) {
  const std::pair<Sql, std::string> expected[] = {
      {sql::select_due, "task_queued (provider=? AND account=? AND due_ms<?)"},
      {sql::select_queued_accounts, "task_queued"},
      {sql::select_queues, "task_queued (provider>?)"},
      {sql::select_expired_leases, "task_leased (lease_ms<?)"},
      {sql::select_own_leases, "task_leased"},
      {sql::release_leases, "task_leased"},
      {sql::select_page, "task_by_age"},
      {sql::select_expired, "task_ended"},
      {sql::select_external_id, "task_external"},
      {sql::select_task_by_external_id, "task_external"},
      {sql::select_artifacts, "artifact_by_task"},
      {sql::select_events, "event_by_task"},
      {sql::select_ledger, "ledger_by_account"},
      {sql::delete_idempotency, "idempotency_by_task"},
      {sql::select_due_deliveries, "delivery_by_host (host=? AND due_ms<?)"},
      {sql::select_waiting_hosts, "delivery_by_host (host>?)"},
      {sql::select_earliest_due, "delivery_by_due"},
      {sql::select_earliest_lease, "delivery_leased"},
      {sql::select_expired_sending, "delivery_leased (lease_ms<?)"},
      {sql::select_own_sending, "delivery_leased"},
      {sql::count_leased_by_host, "delivery_leased"},
      {sql::select_sent, "(id=?)"},
      {sql::select_siblings, "delivery_by_task"},
      {sql::supersede_unsent, "delivery_by_task"},
      {sql::promote_next, "delivery_by_task"},
      {sql::select_deliveries_of_account, "delivery_by_account"},
      {sql::select_deliveries_of_task, "delivery_by_task"},
      {sql::select_surplus_tests, "delivery_tests"},
      {sql::select_webhook_secrets, "webhook_secret_by_account"},
      {sql::select_attempts, "PRIMARY KEY (task=?)"},
      {sql::select_account_limits, "INTEGER PRIMARY KEY"},
      {sql::select_expected, "INTEGER PRIMARY KEY"},
      {sql::select_own_task, "INTEGER PRIMARY KEY"},
      {sql::change_task, "INTEGER PRIMARY KEY"},
  };
  for (const auto& [sql, index] : expected) {
    EXPECT_NE(plan_of(sql).find(index), std::string::npos) << sql.name << ":\n" << plan_of(sql);
  }
}

}  // namespace
}  // namespace rushes::store::sqlite

#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {
Result<Account> ensure_account(Connection& connection, const std::string& name, Timestamp now) {
  {
    Statement insert = connection.prepare(sql::insert_account);
    TRY_VOID(insert.bind_all(name, to_unix_ms(now)).run());
  }
  Statement select = connection.prepare(sql::select_account_by_name);
  TRY(const bool row, select.bind(name).step());
  if (!row) return fail(ErrorCode::kInternal, "account " + name + " vanished");
  return read_account(select);
}

Result<std::optional<Account>> find_account(Connection& connection, const AccountId& id) {
  const std::optional<int64_t> number = account_number(id);
  if (!number) return std::nullopt;
  Statement select = connection.prepare(sql::select_account);
  TRY(const bool row, select.bind(*number).step());
  if (!row) return std::nullopt;
  return read_account(select);
}

Result<std::vector<Account>> list_accounts(Connection& connection) {
  Statement select = connection.prepare(sql::select_accounts);
  std::vector<Account> accounts;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return accounts;
    TRY(Account account, read_account(select));
    accounts.push_back(std::move(account));
  }
}

Result<bool> update_account(Transaction transaction, const AccountId& id,
                            const AccountSettings& settings, Timestamp now) {
  const std::optional<int64_t> number = account_number(id);
  if (!number) return false;
  const std::string networks = texts_to_column(settings.networks);
  const std::string models = texts_to_column(settings.models);
  const std::string providers = texts_to_column(settings.providers);
  const std::optional<int64_t> concurrency = settings.concurrency;
  transaction.load.forget_limits();
  Statement update = transaction.connection.prepare(sql::update_account);
  TRY_VOID(update
               .bind_all(*number, settings.status, settings.budget, concurrency,
                         int64_t{settings.strict_concurrency ? 1 : 0}, networks, models, providers,
                         to_unix_ms(now))
               .run());
  return transaction.connection.changes() > 0;
}

Result<void> add_key(Connection& connection, const access::KeyRecord& record) {
  Statement insert = connection.prepare(sql::insert_key);
  return insert
      .bind_all(record.id.value, record.account.value, to_word(record.kind), record.label,
                record.lookup, record.sealed_secret, to_unix_ms(record.created_at),
                to_column(record.revoked_at))
      .run();
}

Result<std::optional<access::KeyRecord>> find_key(Connection& connection, access::KeyKind kind,
                                                  const std::string& lookup) {
  Statement select = connection.prepare(sql::select_key);
  TRY(const bool row, select.bind_all(to_word(kind), lookup).step());
  if (!row) return std::nullopt;
  return read_key(select);
}

Result<std::vector<access::KeyRecord>> list_keys(Connection& connection) {
  Statement select = connection.prepare(sql::select_keys);
  std::vector<access::KeyRecord> keys;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return keys;
    keys.push_back(read_key(select));
  }
}

Result<bool> revoke_key(Connection& connection, const KeyId& id, Timestamp now) {
  Statement update = connection.prepare(sql::revoke_key);
  TRY_VOID(update.bind_all(id.value, to_unix_ms(now)).run());
  return connection.changes() > 0;
}

}  // namespace rushes::store::sqlite

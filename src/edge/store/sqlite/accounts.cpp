#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {
namespace {

std::optional<int64_t> to_column(const std::optional<Timestamp>& at) {
  if (!at) return std::nullopt;
  return to_unix_ms(*at);
}

}  // namespace

Result<Account> ensure_account(Connection& connection, const std::string& name, Timestamp now) {
  {
    Statement insert = connection.prepare(sql::insert_account);
    TRY_VOID(insert.bind_all(name, to_unix_ms(now)).run());
  }
  Statement select = connection.prepare(sql::select_account);
  TRY(const bool row, select.bind(name).step());
  if (!row) return fail(ErrorCode::kInternal, "account " + name + " vanished");
  return Account{{"acc" + std::to_string(select.integer(0))}, select.text(1), time_at(select, 2)};
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

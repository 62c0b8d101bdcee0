// Sealed texts: webhook secrets, and the frozen settings of providers.
#include "base/check.h"
#include "edge/store/bounds.h"
#include "edge/store/sqlite/operations.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {

Result<std::vector<WebhookSecret>> list_webhook_secrets(Connection& connection,
                                                        const AccountId& account) {
  Statement select = connection.prepare(sql::select_webhook_secrets);
  select.bind(account.value);
  std::vector<WebhookSecret> secrets;
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return secrets;
    secrets.push_back(
        {select.integer(0), select.text(1), time_at(select, 2), optional_time_at(select, 3)});
  }
}

Result<WebhookSecret> add_webhook_secret(Connection& connection, const NewWebhookSecret& wanted) {
  const std::string& account = wanted.account.value;
  if (wanted.others_expire_at) {
    Statement update = connection.prepare(sql::expire_webhook_secrets);
    TRY_VOID(update.bind_all(account, to_unix_ms(*wanted.others_expire_at)).run());
  }
  {
    Statement remove = connection.prepare(sql::delete_expired_webhook_secrets);
    TRY_VOID(remove.bind_all(account, to_unix_ms(wanted.now)).run());
  }
  WebhookSecret added{0, wanted.sealed, wanted.now, std::nullopt};
  {
    Statement insert = connection.prepare(sql::insert_webhook_secret);
    TRY(const bool row, insert.bind_all(account, wanted.sealed, to_unix_ms(wanted.now)).step());
    RUSHES_CHECK(row);
    added.number = insert.integer(0);
  }
  Statement remove = connection.prepare(sql::delete_old_webhook_secrets);
  TRY_VOID(remove.bind_all(account, int64_t{kWebhookSecretsMax}).run());
  return added;
}

Result<void> remove_webhook_secrets(Connection& connection, const AccountId& account,
                                    Timestamp now) {
  {
    Statement update = connection.prepare(sql::expire_webhook_secrets);
    TRY_VOID(update.bind_all(account.value, to_unix_ms(now)).run());
  }
  Statement remove = connection.prepare(sql::delete_expired_webhook_secrets);
  return remove.bind_all(account.value, to_unix_ms(now)).run();
}

Result<void> keep_pin(Connection& connection, const std::string& fingerprint,
                      const std::string& sealed) {
  Statement insert = connection.prepare(sql::insert_pin);
  return insert.bind_all(fingerprint, sealed).run();
}

Result<std::optional<std::string>> find_pin(Connection& connection,
                                            const std::string& fingerprint) {
  Statement select = connection.prepare(sql::select_pin);
  TRY(const bool row, select.bind(fingerprint).step());
  if (!row) return std::nullopt;
  return select.text(0);
}

}  // namespace rushes::store::sqlite

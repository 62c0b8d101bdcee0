// Accounts, keys and sealed texts of the memory store. Used under its lock.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "edge/store/store.h"

namespace rushes::store::memory {

class Accounts {
 public:
  Account ensure(const std::string& name, Timestamp now);
  std::optional<Account> find(const AccountId& id) const;
  const std::vector<Account>& list() const { return accounts_; }
  Result<bool> update(const AccountId& id, AccountSettings settings, Timestamp now);

  Result<void> add_key(access::KeyRecord record);
  std::optional<access::KeyRecord> find_key(access::KeyKind kind, const std::string& lookup) const;
  const std::vector<access::KeyRecord>& list_keys() const { return keys_; }
  bool revoke_key(const KeyId& id, Timestamp now);

  std::vector<WebhookSecret> list_secrets(const AccountId& account) const;
  Result<WebhookSecret> add_secret(const AccountId& account, std::string sealed, Timestamp now,
                                   std::optional<Timestamp> others_expire_at);
  void remove_secrets(const AccountId& account) { secrets_.erase(account); }

  Result<void> keep_pin(std::string fingerprint, std::string sealed);
  std::optional<std::string> find_pin(const std::string& fingerprint) const;

 private:
  std::vector<Account> accounts_;  // in order of creation
  std::vector<access::KeyRecord> keys_;
  std::map<AccountId, std::vector<WebhookSecret>> secrets_;
  std::map<std::string, std::string> pins_;
  int64_t secret_count_ = 0;  // ever made
};

}  // namespace rushes::store::memory

#include "edge/store/memory/accounts.h"

#include <algorithm>
#include <utility>

#include "edge/store/bounds.h"

namespace rushes::store::memory {

Account Accounts::ensure(const std::string& name, Timestamp now) {
  const auto found = std::ranges::find(accounts_, name, &Account::name);
  if (found != accounts_.end()) return *found;
  Account account;
  account.id = {"acc" + std::to_string(accounts_.size() + 1)};
  account.name = name;
  account.created_at = now;
  return accounts_.emplace_back(std::move(account));
}

std::optional<Account> Accounts::find(const AccountId& id) const {
  const auto found = std::ranges::find(accounts_, id, &Account::id);
  if (found == accounts_.end()) return std::nullopt;
  return *found;
}

Result<bool> Accounts::update(const AccountId& id, AccountSettings settings, Timestamp now) {
  TRY_VOID(check_bounds(settings));
  const auto found = std::ranges::find(accounts_, id, &Account::id);
  if (found == accounts_.end()) return false;
  if (found->settings.budget != settings.budget) found->budget_at = now;
  found->settings = std::move(settings);
  return true;
}

Result<void> Accounts::add_key(access::KeyRecord record) {
  for (const access::KeyRecord& other : keys_) {
    if (other.id == record.id || (other.kind == record.kind && other.lookup == record.lookup)) {
      return fail(ErrorCode::kAlreadyExists, "key " + record.id.value + " exists");
    }
  }
  keys_.push_back(std::move(record));
  return {};
}

std::optional<access::KeyRecord> Accounts::find_key(access::KeyKind kind,
                                                    const std::string& lookup) const {
  for (const access::KeyRecord& key : keys_) {
    if (key.kind == kind && key.lookup == lookup) return key;
  }
  return std::nullopt;
}

bool Accounts::revoke_key(const KeyId& id, Timestamp now) {
  const auto found = std::ranges::find(keys_, id, &access::KeyRecord::id);
  if (found == keys_.end()) return false;
  if (!found->revoked_at) found->revoked_at = now;
  return true;
}

std::vector<WebhookSecret> Accounts::list_secrets(const AccountId& account) const {
  const auto found = secrets_.find(account);
  return found == secrets_.end() ? std::vector<WebhookSecret>{} : found->second;
}

Result<WebhookSecret> Accounts::add_secret(const AccountId& account, std::string sealed,
                                           Timestamp now,
                                           std::optional<Timestamp> others_expire_at) {
  TRY_VOID(check_sealed(account.value, sealed));
  std::vector<WebhookSecret>& secrets = secrets_[account];
  if (others_expire_at) {
    for (WebhookSecret& secret : secrets) {
      secret.expires_at =
          std::min(secret.expires_at.value_or(*others_expire_at), *others_expire_at);
    }
  }
  std::erase_if(secrets, [now](const WebhookSecret& secret) {
    return secret.expires_at && *secret.expires_at <= now;
  });
  secrets.push_back({++secret_count_, std::move(sealed), now, std::nullopt});
  if (secrets.size() > kWebhookSecretsMax) secrets.erase(secrets.begin());
  return secrets.back();
}

Result<void> Accounts::keep_pin(std::string fingerprint, std::string sealed) {
  TRY_VOID(check_sealed(fingerprint, sealed));
  pins_.emplace(std::move(fingerprint), std::move(sealed));
  return {};
}

std::optional<std::string> Accounts::find_pin(const std::string& fingerprint) const {
  const auto found = pins_.find(fingerprint);
  if (found == pins_.end()) return std::nullopt;
  return found->second;
}

}  // namespace rushes::store::memory

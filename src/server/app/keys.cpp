#include <fmt/format.h>

#include <map>

#include "base/utf8.h"
#include "edge/platform/blocking.h"
#include "server/app/app.h"
#include "server/app/data_directory.h"
#include "server/app/guest_store.h"
#include "server/app/issue_key.h"

namespace rushes::app {
namespace {

constexpr size_t kNameSizeMax = 100;

Result<void> check_name(std::string_view what, std::string_view name) {
  if (!name.empty() && name.size() <= kNameSizeMax) return {};
  return fail_user(
      ErrorCode::kInvalidInput,
      fmt::format("{} '{}' is invalid: 1 to {} bytes are allowed", what, name, kNameSizeMax));
}

}  // namespace

Result<IssuedKey> KeyMaker::issue(NewKey wanted) {
  TRY_VOID(check_name("account", wanted.account));
  if (!wanted.label.empty()) TRY_VOID(check_name("label", wanted.label));
  const Timestamp now = clock.now();
  TRY(const store::Account account, run_to_end(store.ensure_account(wanted.account, now)));
  IssuedKey issued;
  issued.record.id = KeyId{fmt::format("key_{:016x}", entropy.next_u64())};
  issued.record.account = account.id;
  issued.record.kind = wanted.kind;
  issued.record.label = wanted.label;
  issued.record.created_at = now;
  const std::string random = entropy.bytes(access::kKeyRandomSizeBytes);
  if (wanted.kind == access::KeyKind::kBearer) {
    issued.key = access::make_bearer_key(random);
    issued.record.lookup = access::bearer_lookup(issued.key);
  } else {
    TRY(const access::ServerSecret secret, ensure_secret(directory, entropy));
    const access::KeyPair pair = access::make_key_pair(random);
    issued.access_key = pair.access_key;
    issued.secret_key = pair.secret_key;
    issued.record.lookup = pair.access_key;
    issued.record.sealed_secret =
        secret.seal(pair.secret_key, pair.access_key, entropy.bytes(access::kSealNonceSizeBytes));
  }
  TRY_VOID(run_to_end(store.add_key(issued.record)));
  return issued;
}

Result<IssuedKey> create_key(const config::Config& config, NewKey wanted) {
  TRY(auto store, open_guest_store(config));
  const DataDirectory directory{config.server.data_dir};
  const SystemClock clock;
  SystemEntropy entropy;
  return KeyMaker{*store, directory, clock, entropy}.issue(std::move(wanted));
}

Result<std::vector<ListedKey>> list_keys(const config::Config& config) {
  TRY(auto store, open_guest_store(config));
  TRY(auto records, run_to_end(store->list_keys()));
  TRY(const auto accounts, run_to_end(store->list_accounts()));
  std::map<AccountId, std::string> names;
  for (const store::Account& account : accounts) names[account.id] = account.name;
  std::vector<ListedKey> keys;
  for (access::KeyRecord& record : records) {
    const std::string& name = names[record.account];
    keys.push_back({.record = std::move(record), .account = name});
  }
  return keys;
}

Result<void> revoke_key(const config::Config& config, KeyId id) {
  TRY(auto store, open_guest_store(config));
  TRY(const bool known, run_to_end(store->revoke_key(id, SystemClock().now())));
  if (known) return {};
  return fail_user(ErrorCode::kNotFound,
                   fmt::format("no key '{}': `rushes key list` shows them all", id.value));
}

}  // namespace rushes::app

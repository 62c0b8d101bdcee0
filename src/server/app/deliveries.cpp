#include "server/app/deliveries.h"

#include <fmt/format.h>

#include <algorithm>

#include "edge/platform/blocking.h"
#include "server/api/callbacks.h"
#include "server/app/data_directory.h"
#include "server/app/dialects.h"
#include "server/app/egress.h"
#include "server/app/guest_store.h"
#include "server/engine/webhook_secrets.h"

namespace rushes::app {
namespace {

const AccountId kEveryAccount;

Result<TaskId> parse_id(std::string_view what, std::string_view text) {
  if (const auto id = TaskId::parse(text)) return *id;
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("{} id '{}' is invalid: a decimal number is expected", what, text));
}

Result<AccountId> find_account(store::Store& store, std::string_view name) {
  TRY(const std::vector<store::Account> accounts, run_to_end(store.list_accounts()));
  const auto found = std::ranges::find(accounts, name, &store::Account::name);
  if (found != accounts.end()) return found->id;
  return fail_user(ErrorCode::kNotFound, fmt::format("no account '{}'", name));
}

Result<store::Delivery> find_delivery(store::Store& store, std::string_view text) {
  TRY(const TaskId id, parse_id("delivery", text));
  TRY(auto found, run_to_end(store.find_delivery(kEveryAccount, id)));
  if (found) return *std::move(found);
  return fail_user(
      ErrorCode::kNotFound,
      fmt::format("no delivery '{}': `rushes deliveries list` shows the newest", text));
}

// Those that sign now, newest first.
Result<std::vector<store::WebhookSecret>> valid_secrets(store::Store& store,
                                                        const AccountId& account, Timestamp now) {
  TRY(auto secrets, run_to_end(store.list_webhook_secrets(account)));
  std::erase_if(secrets, [&](const store::WebhookSecret& secret) {
    return secret.expires_at && *secret.expires_at <= now;
  });
  std::ranges::sort(secrets, std::ranges::greater{}, &store::WebhookSecret::number);
  return secrets;
}

Result<NewSecret> add_secret(const config::Config& config, store::Store& store,
                             const AccountId& account, Timestamp now,
                             std::optional<Timestamp> others_until) {
  SystemEntropy entropy;
  TRY(const access::ServerSecret server, ensure_secret({config.server.data_dir}, entropy));
  const auto secret = webhook::Secret::make(entropy.bytes(webhook::kSecretSizeBytes));
  TRY_VOID(run_to_end(store.add_webhook_secret(
      account, engine::seal_webhook_secret(server, account, secret, entropy), now, others_until)));
  if (others_until == now) others_until.reset();
  return NewSecret{secret.to_string(), others_until};
}

}  // namespace

Result<std::vector<store::Delivery>> list_deliveries(const config::Config& config,
                                                     std::string_view task, int limit) {
  std::optional<TaskId> only;
  if (!task.empty()) {
    TRY(only, parse_id("task", task));
  }
  TRY(auto store, open_guest_store(config));
  return run_to_end(store->list_deliveries(kEveryAccount, only, limit));
}

Result<DeliveryReport> show_delivery(const config::Config& config, std::string_view id) {
  TRY(auto store, open_guest_store(config));
  DeliveryReport report;
  TRY(report.delivery, find_delivery(*store, id));
  TRY(report.tries, run_to_end(store->list_tries(report.delivery.id)));
  return report;
}

Result<void> replay_delivery(const config::Config& config, std::string_view id) {
  TRY(auto store, open_guest_store(config));
  TRY(const store::Delivery delivery, find_delivery(*store, id));
  TRY(const bool known,
      run_to_end(store->replay_delivery(kEveryAccount, delivery.id, SystemClock().now())));
  if (known) return {};
  return fail_user(ErrorCode::kNotFound, fmt::format("delivery '{}' is gone", id));
}

Result<TaskId> send_test_event(const config::Config& config, std::string_view account,
                               std::string url) {
  TRY(const http::EgressPolicy policy, egress_policy(config));
  TRY_VOID(http::check_url(url, policy));
  TRY(auto store, open_guest_store(config));
  TRY(AccountId owner, find_account(*store, account));
  const Timestamp now = SystemClock().now();
  TRY(const auto newest,
      run_to_end(store->list_deliveries(owner, std::nullopt, api::kTestEventsLookedAt)));
  if (!api::may_test(newest, now)) {
    return fail_user(ErrorCode::kLimitExceeded,
                     fmt::format("one test event of an account in {} s is allowed",
                                 api::kTestEventInterval.count()));
  }
  SystemEntropy entropy;
  TRY(const access::ServerSecret server, ensure_secret({config.server.data_dir}, entropy));
  const Dialects dialects;
  const api::Links links(server, Seconds{0});
  const api::Callbacks callbacks(dialects.all(), links, entropy);
  TRY(store::Delivery event, callbacks.test_event(std::move(owner), std::move(url), now));
  const TaskId id = event.id;
  TRY_VOID(run_to_end(store->add_delivery(std::move(event))));
  return id;
}

Result<NewSecret> create_webhook_secret(const config::Config& config, std::string_view account) {
  TRY(auto store, open_guest_store(config));
  TRY(const AccountId owner, find_account(*store, account));
  const Timestamp now = SystemClock().now();
  TRY(const auto secrets, valid_secrets(*store, owner, now));
  if (!secrets.empty()) {
    return fail_user(ErrorCode::kAlreadyExists,
                     fmt::format("account '{}' has a secret: rotate it", account));
  }
  return add_secret(config, *store, owner, now, std::nullopt);
}

Result<NewSecret> rotate_webhook_secret(const config::Config& config, std::string_view account,
                                        Rotation rotation) {
  TRY(auto store, open_guest_store(config));
  TRY(const AccountId owner, find_account(*store, account));
  const Timestamp now = SystemClock().now();
  TRY(const auto secrets, valid_secrets(*store, owner, now));
  if (secrets.empty()) {
    return fail_user(ErrorCode::kNotFound,
                     fmt::format("account '{}' has no secret: create one", account));
  }
  const Timestamp old_until = rotation == Rotation::kEmergency ? now : now + kRotation;
  return add_secret(config, *store, owner, now, old_until);
}

Result<bool> revoke_old_webhook_secrets(const config::Config& config, std::string_view account) {
  TRY(auto store, open_guest_store(config));
  TRY(const AccountId owner, find_account(*store, account));
  const Timestamp now = SystemClock().now();
  TRY(auto secrets, valid_secrets(*store, owner, now));
  if (secrets.size() < 2) return false;
  // The newest takes its own place, and with that the others end: one transaction.
  TRY_VOID(
      run_to_end(store->add_webhook_secret(owner, std::move(secrets.front().sealed), now, now)));
  return true;
}

Result<bool> delete_webhook_secrets(const config::Config& config, std::string_view account) {
  TRY(auto store, open_guest_store(config));
  TRY(const AccountId owner, find_account(*store, account));
  const Timestamp now = SystemClock().now();
  TRY(const auto secrets, valid_secrets(*store, owner, now));
  TRY_VOID(run_to_end(store->remove_webhook_secrets(owner, now)));
  return !secrets.empty();
}

Result<std::vector<store::WebhookSecret>> list_webhook_secrets(const config::Config& config,
                                                               std::string_view account) {
  TRY(auto store, open_guest_store(config));
  TRY(const AccountId owner, find_account(*store, account));
  return valid_secrets(*store, owner, SystemClock().now());
}

}  // namespace rushes::app

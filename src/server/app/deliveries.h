// Callbacks and webhook secrets of a data directory, for the command line; safe beside a running
// server, which notices within about a second.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edge/store/store.h"
#include "server/config/config.h"

namespace rushes::app {

// The newest `limit`, of one task if `task` is not empty. Texts are ids as users give them;
// kInvalidInput for one that is none, kNotFound for one that nobody has.
Result<std::vector<store::Delivery>> list_deliveries(const config::Config& config,
                                                     std::string_view task, int limit);

struct DeliveryReport {
  store::Delivery delivery;
  std::vector<store::DeliveryTry> tries;  // oldest first
};
Result<DeliveryReport> show_delivery(const config::Config& config, std::string_view id);
// Due again now, with the same id and body.
Result<void> replay_delivery(const config::Config& config, std::string_view id);
// kLimitExceeded if the account had one a moment ago.
Result<TaskId> send_test_event(const config::Config& config, std::string_view account,
                               std::string url);

// How long the other secrets of an account go on signing beside a new one.
inline constexpr Seconds kRotation{7 * 86'400};

struct NewSecret {
  std::string secret;                  // "whsec_…", shown once
  std::optional<Timestamp> old_until;  // until then the ones before it sign too; none: they do not
};
// The first of an account. kAlreadyExists if it has one.
Result<NewSecret> create_webhook_secret(const config::Config& config, std::string_view account);
enum class Rotation { kOrderly, kEmergency };  // old ones sign for kRotation more, or never again
Result<NewSecret> rotate_webhook_secret(const config::Config& config, std::string_view account,
                                        Rotation rotation);
// Ends a rotation early: only the newest goes on signing. False if there was no other.
Result<bool> revoke_old_webhook_secrets(const config::Config& config, std::string_view account);
// From now on callbacks of the account are not signed. False if they were not.
Result<bool> delete_webhook_secrets(const config::Config& config, std::string_view account);
// Those that sign, newest first; the secrets themselves stay sealed.
Result<std::vector<store::WebhookSecret>> list_webhook_secrets(const config::Config& config,
                                                               std::string_view account);

}  // namespace rushes::app

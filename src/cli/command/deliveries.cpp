#include "server/app/deliveries.h"

#include <fmt/format.h>

#include "base/json/value.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace rushes::cli {
namespace {

constexpr int kNameColumns = 12;

json::Object delivery_json(const store::Delivery& delivery) {
  json::Object object{
      {"id", delivery.id.to_string()},      {"task_id", delivery.task.to_string()},
      {"account", delivery.account.value},  {"event", delivery.event},
      {"state", to_string(delivery.state)}, {"url", delivery.url},
      {"tries", int64_t{delivery.tries}},   {"created_at", to_iso8601(delivery.created_at)}};
  if (delivery.state == store::DeliveryState::kPending) {
    object.emplace_back("due_at", to_iso8601(delivery.due_at));
  }
  return object;
}

json::Object try_json(const store::DeliveryTry& attempt) {
  json::Object object{{"number", int64_t{attempt.number}},
                      {"at", to_iso8601(attempt.at)},
                      {"duration_ms", static_cast<int64_t>(attempt.duration.count())}};
  if (attempt.status != 0) object.emplace_back("status", int64_t{attempt.status});
  if (!attempt.error.empty()) object.emplace_back("error", attempt.error);
  object.emplace_back("reply", attempt.reply);
  return object;
}

int list(const Deliveries& options, bool as_json, const config::Config& config) {
  const auto found = app::list_deliveries(config, options.task, options.limit);
  if (!found) return report(found.error());
  if (as_json) {
    json::Array array;
    for (const store::Delivery& delivery : *found) array.emplace_back(delivery_json(delivery));
    fmt::print("{}\n", json::to_text(std::move(array)));
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{
      {"ID", "TASK", "EVENT", "STATE", "TRIES", "NEXT", "HOST"}};
  for (const store::Delivery& delivery : *found) {
    const bool waits = delivery.state == store::DeliveryState::kPending;
    rows.push_back({delivery.id.to_string(), delivery.task.to_string(), delivery.event,
                    std::string(to_string(delivery.state)), std::to_string(delivery.tries),
                    waits ? to_iso8601(delivery.due_at) : "-", delivery.host});
  }
  print_table(rows);
  return kDone;
}

int show(const Deliveries& options, bool as_json, const config::Config& config) {
  const auto found = app::show_delivery(config, options.id);
  if (!found) return report(found.error());
  json::Object object = delivery_json(found->delivery);
  object.emplace_back("body", found->delivery.body);
  if (as_json) {
    json::Array log;
    for (const store::DeliveryTry& attempt : found->tries) log.emplace_back(try_json(attempt));
    object.emplace_back("log", std::move(log));
    fmt::print("{}\n", json::to_text(std::move(object)));
    return kDone;
  }
  for (const auto& [name, value] : object) {
    print_field(name, value.as_string() ? *value.as_string() : json::to_text(value), kNameColumns);
  }
  if (found->tries.empty()) return kDone;
  fmt::print("\n");
  std::vector<std::vector<std::string>> rows{{"TRY", "AT", "MS", "STATUS", "ERROR", "REPLY"}};
  for (const store::DeliveryTry& attempt : found->tries) {
    rows.push_back({std::to_string(attempt.number), to_iso8601(attempt.at),
                    std::to_string(attempt.duration.count()),
                    attempt.status == 0 ? "-" : std::to_string(attempt.status),
                    attempt.error.empty() ? "-" : attempt.error,
                    // As JSON text: its line ends stay legible.
                    json::to_text(json::Value(attempt.reply))});
  }
  print_table(rows);
  return kDone;
}

int replay(const Deliveries& options, bool as_json, const config::Config& config) {
  if (const auto replayed = app::replay_delivery(config, options.id); !replayed) {
    return report(replayed.error());
  }
  if (!as_json) fmt::print("{} is sent once more\n", printable(options.id));
  return kDone;
}

int test(const Deliveries& options, bool as_json, const config::Config& config) {
  const auto id = app::send_test_event(config, options.account, options.url);
  if (!id) return report(id.error());
  if (as_json) {
    fmt::print("{}\n", json::to_text(json::Object{{"id", id->to_string()}}));
  } else {
    fmt::print("{0} is sent\nWhat comes back: rushes deliveries show {0}\n", id->to_string());
  }
  return kDone;
}

int print_new(const Result<app::NewSecret>& made, bool as_json) {
  if (!made) return report(made.error());
  if (as_json) {
    json::Object object{{"secret", made->secret}};
    if (made->old_until) object.emplace_back("old_until", to_iso8601(*made->old_until));
    fmt::print("{}\n", json::to_text(std::move(object)));
    return kDone;
  }
  fmt::print("{}\nIt is shown only now.\n", made->secret);
  if (made->old_until) fmt::print("The old one signs until {}\n", to_iso8601(*made->old_until));
  return kDone;
}

int print_done(const Result<bool>& done, bool as_json, std::string_view yes, std::string_view no) {
  if (!done) return report(done.error());
  if (!as_json) fmt::print("{}\n", *done ? yes : no);
  return kDone;
}

int list_secrets(const WebhookSecrets& options, bool as_json, const config::Config& config) {
  const auto secrets = app::list_webhook_secrets(config, options.account);
  if (!secrets) return report(secrets.error());
  if (as_json) {
    json::Array array;
    for (const store::WebhookSecret& secret : *secrets) {
      json::Object object{{"number", secret.number}, {"created_at", to_iso8601(secret.created_at)}};
      if (secret.expires_at) object.emplace_back("expires_at", to_iso8601(*secret.expires_at));
      array.emplace_back(std::move(object));
    }
    fmt::print("{}\n", json::to_text(std::move(array)));
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{{"NUMBER", "CREATED", "SIGNS UNTIL"}};
  for (const store::WebhookSecret& secret : *secrets) {
    rows.push_back({std::to_string(secret.number), to_iso8601(secret.created_at),
                    secret.expires_at ? to_iso8601(*secret.expires_at) : "-"});
  }
  print_table(rows);
  return kDone;
}

}  // namespace

int run(const Deliveries& deliveries, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  if (deliveries.verb != Deliveries::Verb::kTest) {  // which may come first of all
    if (const auto there = require_data(*config); !there) return report(there.error());
  }
  switch (deliveries.verb) {
    case Deliveries::Verb::kList: return list(deliveries, connection.json, *config);
    case Deliveries::Verb::kShow: return show(deliveries, connection.json, *config);
    case Deliveries::Verb::kReplay: return replay(deliveries, connection.json, *config);
    case Deliveries::Verb::kTest: return test(deliveries, connection.json, *config);
  }
  return kUsage;
}

int run(const WebhookSecrets& secrets, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  if (secrets.verb != WebhookSecrets::Verb::kCreate) {
    if (const auto there = require_data(*config); !there) return report(there.error());
  }
  switch (secrets.verb) {
    case WebhookSecrets::Verb::kCreate:
      return print_new(app::create_webhook_secret(*config, secrets.account), connection.json);
    case WebhookSecrets::Verb::kRotate: {
      const auto rotation = secrets.now ? app::Rotation::kEmergency : app::Rotation::kOrderly;
      return print_new(app::rotate_webhook_secret(*config, secrets.account, rotation),
                       connection.json);
    }
    case WebhookSecrets::Verb::kRevokeOld:
      return print_done(app::revoke_old_webhook_secrets(*config, secrets.account), connection.json,
                        "only the newest signs", "there was no older one");
    case WebhookSecrets::Verb::kDelete:
      return print_done(app::delete_webhook_secrets(*config, secrets.account), connection.json,
                        "callbacks are not signed any more", "there was none");
    case WebhookSecrets::Verb::kList: return list_secrets(secrets, connection.json, *config);
  }
  return kUsage;
}

}  // namespace rushes::cli

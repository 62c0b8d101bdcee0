#include <fmt/format.h>

#include "base/json/value.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace rushes::cli {
namespace {

std::string_view kind_word(access::KeyKind kind) {
  return kind == access::KeyKind::kBearer ? "bearer" : "access_key";
}

json::Object record_json(const access::KeyRecord& record, const std::string& account) {
  json::Object object{{"id", record.id.value},
                      {"account", account},
                      {"kind", kind_word(record.kind)},
                      {"label", record.label},
                      {"created_at", to_iso8601(record.created_at)}};
  if (record.revoked_at) object.emplace_back("revoked_at", to_iso8601(*record.revoked_at));
  return object;
}

int create(const Key& key, const Connection& connection, const config::Config& config) {
  app::NewKey wanted{key.account, key.label,
                     key.jwt ? access::KeyKind::kAccessKey : access::KeyKind::kBearer};
  const auto issued = app::create_key(config, std::move(wanted));
  if (!issued) return report(issued.error());
  if (connection.json) {
    json::Object object = record_json(issued->record, key.account);
    if (key.jwt) {
      object.emplace_back("access_key", issued->access_key);
      object.emplace_back("secret_key", issued->secret_key);
    } else {
      object.emplace_back("key", issued->key);
    }
    fmt::print("{}\n", json::to_text(std::move(object)));
  } else if (key.jwt) {
    fmt::print("AccessKey {}\nSecretKey {}\nThe SecretKey is shown only now.\n", issued->access_key,
               issued->secret_key);
  } else {
    fmt::print("{}\nIt is shown only now. Send it as: Authorization: Bearer KEY\n", issued->key);
  }
  return kDone;
}

int list(const Connection& connection, const config::Config& config) {
  const auto keys = app::list_keys(config);
  if (!keys) return report(keys.error());
  if (connection.json) {
    json::Array array;
    for (const app::ListedKey& key : *keys) {
      array.emplace_back(record_json(key.record, key.account));
    }
    fmt::print("{}\n", json::to_text(std::move(array)));
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{
      {"ID", "ACCOUNT", "KIND", "CREATED", "STATE", "LABEL"}};
  for (const auto& [record, account] : *keys) {
    rows.push_back({record.id.value, account, std::string(kind_word(record.kind)),
                    to_iso8601(record.created_at), record.revoked_at ? "revoked" : "valid",
                    record.label});
  }
  print_table(rows);
  return kDone;
}

}  // namespace

int run(const Key& key, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  if (key.verb != Key::Verb::kCreate) {
    if (const auto there = require_data(*config); !there) return report(there.error());
  }
  switch (key.verb) {
    case Key::Verb::kCreate: return create(key, connection, *config);
    case Key::Verb::kList: return list(connection, *config);
    case Key::Verb::kRevoke: break;
  }
  if (const auto revoked = app::revoke_key(*config, KeyId{key.id}); !revoked) {
    return report(revoked.error());
  }
  if (!connection.json) fmt::print("revoked {}\n", printable(key.id));
  return kDone;
}

}  // namespace rushes::cli

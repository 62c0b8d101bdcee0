// App: the composition root. The one place that knows concrete classes: which store, which blob
// store, which renderer, which dialects.
//
// Owned by the command line's `serve` and `generate`; create, start, stop from the main thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/value.h"
#include "base/result.h"
#include "core/access/key.h"
#include "server/config/config.h"

namespace rushes::app {

// `config` with the empty data_dir replaced: $XDG_DATA_HOME/rushes, else HOME/.local/share/rushes.
config::Config with_default_paths(config::Config config, std::string_view home,
                                  std::string_view xdg_data_home);

class App {
 public:
  virtual ~App() = default;

  // Opens everything in the data directory (made if absent) and listens. `program` is the path of
  // this executable: renders run as `program render`. kConflict if another server holds the
  // directory; kUnavailable if the address is taken.
  static Result<std::unique_ptr<App>> create(config::Config config, std::string program);

  virtual std::string url() const = 0;
  // "" unless this start made the first key of an empty directory: the file it was written to.
  virtual std::string first_key_file() const = 0;
  // Reads the TLS certificate and key again; keeps what it has if they are not usable. The log says
  // which.
  virtual void reload() = 0;
  // Stops accepting, finishes replies, ends renders, hands leases back. Idempotent.
  virtual void stop() = 0;
};

// The running server of a data directory, as it left it in DATA/server.json; no url if none runs.
struct RunningServer {
  std::string url;
  std::string public_key_pin;  // of its TLS key, as http::ClientOptions take it; "" without TLS
};
RunningServer running_server(const config::Config& config);
// The key of DATA/default.key; empty if there is none.
std::string default_key(const config::Config& config);

// Keys of a data directory; safe beside a running server.
struct NewKey {
  std::string account = "default";
  std::string label;
  access::KeyKind kind = access::KeyKind::kBearer;
};
struct IssuedKey {
  access::KeyRecord record;
  std::string key;         // kBearer: shown once, never stored
  std::string access_key;  // kAccessKey
  std::string secret_key;  // kAccessKey: shown once
};
Result<IssuedKey> create_key(const config::Config& config, NewKey wanted);
struct ListedKey {
  access::KeyRecord record;
  std::string account;  // its name
};
Result<std::vector<ListedKey>> list_keys(const config::Config& config);
Result<void> revoke_key(const config::Config& config, KeyId id);

// What may be asked for under a profile, and what it costs. kInvalidInput names the profiles there
// are.
Result<json::Value> describe_profile(const config::Config& config, std::string_view profile);
// Judges a Kling create body as the profile would: {"ok":true,"units":…} or
// {"ok":false,"message":…}.
Result<json::Value> check_request(const config::Config& config, std::string_view profile,
                                  std::string_view body);

// What a machine needs: one line a fact.
struct Finding {
  std::string subject;
  bool ok = false;
  std::string detail;  // what is there, or what to do
};
// `path` is $PATH; null: the usual folders.
std::vector<Finding> examine(const config::Config& config, const char* path);

}  // namespace rushes::app

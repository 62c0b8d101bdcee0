// Configuration as typed values: the compiled-in defaults (config/rushes.default.toml), then the
// user's TOML file, then command-line overrides. Unknown keys, wrong types and values out of range
// are refused with file, line, what was given and what is allowed.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/json/value.h"
#include "base/result.h"

namespace rushes::config {

struct Config {
  struct Server {
    std::string listen;
    std::string data_dir;
    std::string public_base_url;
    std::string role;
    int64_t threads = 0;
    std::string tls_certificate, tls_key;
    bool development = false;
  } server;
  struct Limits {
    int64_t header_bytes = 0, body_bytes = 0, connections = 0;
    int64_t idle_timeout_s = 0, header_timeout_s = 0, body_timeout_s = 0, write_timeout_s = 0;
    int64_t requests_per_second = 0, shutdown_grace_s = 0;
  } limits;
  struct Engine {
    int64_t children = 0, threads_per_child = 0, memory_mb = 0, seconds_per_frame = 0;
    int64_t attempts = 0, queue_per_account = 0, lease_s = 0;
  } engine;
  struct Results {
    int64_t retention_days = 0;
  } results;
  struct Previz {
    double scale = 1;
  } previz;
  struct Catalog {
    std::string directory;
  } catalog;
  struct Log {
    std::string level;
  } log;
  struct Egress {
    std::vector<std::string> allow;  // networks, CIDR
    std::string proxy, ca_file;
  } egress;
  struct Upstream {
    int64_t horizon_s = 0, result_mb = 0;
    std::string handle_prefix;
  } upstream;

  // [[provider]] and [[route]], in the order of the file. Empty: previz makes everything.
  struct Credential {
    std::string label;
    // As written: "env:NAME", "file:PATH" or the secret itself.
    std::string api_key, access_key, secret_key;
    int64_t concurrency = 0;
  };
  struct Provider {
    std::string name, adapter, base_url, path_prefix, family;
    bool lookup_by_handle = false, free_to_repeat = false, volatile_store = false;
    double requests_per_second = 0;
    int64_t poll_interval_ms = 0, request_timeout_s = 0, overdue_after_s = 0, ambiguity_limit_s = 0;
    json::Value rules;  // of the adapter `fake`; null: none
    std::vector<Credential> credentials;
  };
  struct Target {
    std::string provider, model;   // empty model: the same name
    int64_t rank = 0, weight = 1;  // rank 0: its place in the list
  };
  struct Route {
    std::string model;  // a catalog name, or "*"
    std::vector<Target> to;
  };
  std::vector<Provider> providers;
  std::vector<Route> routes;
};

// The compiled-in default file, as documentation.
std::string_view default_text();

// The defaults.
Config defaults();

// The defaults overlaid with `text`; `origin` is its name in messages.
Result<Config> parse(std::string_view text, std::string_view origin);
// Checks values that were overridden after parsing; parse() has done it for its own.
Result<void> validate(const Config& config);

// Everything in force, in the sections of the file.
json::Value to_json(const Config& config);
// The same as a file that parse() reads; secrets written in the file itself are "(hidden)" in both.
std::string to_toml(const Config& config);

struct HostPort {
  std::string host;
  uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:0", "localhost:80".
Result<HostPort> parse_host_port(std::string_view text);
bool is_loopback(std::string_view host);

}  // namespace rushes::config

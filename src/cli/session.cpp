#include "cli/session.h"

#include <fmt/format.h>

#include <climits>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "cli/file.h"
#include "cli/terminal.h"

namespace rushes::cli {
namespace {

constexpr int kStatusUnauthorized = 401;
constexpr int kStatusNotFound = 404;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// What the server said, whatever its dialect: `message` at the top or in `error`.
Error refusal(const wire::Response& response) {
  Error error;
  error.code = response.status == kStatusNotFound ? ErrorCode::kNotFound : ErrorCode::kForbidden;
  const auto body = json::parse(response.body);
  std::string message;
  if (body) {
    message = body->string_or("message", "");
    const json::Value* nested = body->find("error");
    if (message.empty() && nested != nullptr) message = nested->string_or("message", "");
  }
  if (message.empty()) {
    message = fmt::format("{} {}", response.status, wire::reason_phrase(response.status));
  }
  if (response.status == kStatusUnauthorized) message += " (give --key, or set RUSHES_KEY)";
  error.message = "the server refused: " + message;
  return error;
}

}  // namespace

Result<config::Config> load_config(const Connection& connection) {
  config::Config config = config::defaults();
  if (!connection.config_file.empty()) {
    TRY(const std::string text, read_input(connection.config_file));
    TRY(config, config::parse(text, connection.config_file));
  }
  if (!connection.data_dir.empty()) config.server.data_dir = connection.data_dir;
  return app::with_default_paths(std::move(config), environment("HOME"),
                                 environment("XDG_DATA_HOME"));
}

Result<void> require_data(const config::Config& config) {
  const std::string& directory = config.server.data_dir;
  std::error_code error;
  if (std::filesystem::is_regular_file(directory + "/rushes.db", error)) return {};
  if (error && error != std::errc::no_such_file_or_directory &&
      error != std::errc::not_a_directory) {
    return fail_user(ErrorCode::kForbidden,
                     fmt::format("cannot read {}: {}", directory, error.message()));
  }
  return fail_user(ErrorCode::kNotFound,
                   fmt::format("there is no data directory at {}: name it with --data, or make one "
                               "with `rushes serve` or `rushes key create`",
                               directory));
}

std::string program_path() {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  return size <= 0 ? "rushes" : std::string(path, static_cast<size_t>(size));
}

Session::Session(std::string url, bool is_own, std::string key, std::unique_ptr<app::App> server,
                 std::unique_ptr<http::Client> client)
    : url_(std::move(url)),
      is_own_(is_own),
      key_(std::move(key)),
      server_(std::move(server)),
      client_(std::move(client)) {}

Result<Session> Session::open(const Connection& connection, Private private_server) {
  TRY(config::Config config, load_config(connection));
  std::string url = connection.server;
  const bool is_own = url.empty();
  http::ClientOptions options;
  std::unique_ptr<app::App> server;
  if (is_own) {
    app::RunningServer running = app::running_server(config);
    url = std::move(running.url);
    options.public_key_pin = std::move(running.public_key_pin);
  }
  if (url.empty()) {
    if (private_server == Private::kRefuse) {
      return fail_user(
          ErrorCode::kUnavailable,
          fmt::format("no server runs on {}: start one with `rushes serve`, or name one "
                      "with --server URL",
                      config.server.data_dir));
    }
    config.server.listen = "127.0.0.1:0";
    config.server.public_base_url.clear();
    config.server.tls_certificate.clear();
    config.server.tls_key.clear();
    config.server.role = "all";
    config.log.level = "error";
    auto started = app::App::create(config, program_path());
    if (!started) {
      // Nothing is out of reach: what was to be reached could not be started.
      if (started.error().code == ErrorCode::kUnavailable) {
        started.error().code = ErrorCode::kInternal;
      }
      return std::unexpected(std::move(started).error());
    }
    server = *std::move(started);
    url = server->url();
  }
  while (url.ends_with('/')) url.pop_back();
  std::string key = connection.key;
  if (key.empty()) key = environment("RUSHES_KEY");
  if (key.empty()) key = app::default_key(config);
  TRY(auto client, http::Client::create(std::move(options)));
  return Session(std::move(url), is_own, std::move(key), std::move(server), std::move(client));
}

Result<json::Value> Session::get(const std::string& path) {
  http::ClientRequest request;
  request.url = url_ + path;
  return send(std::move(request));
}

Result<json::Value> Session::post(const std::string& path, const json::Value& body,
                                  wire::Headers headers) {
  http::ClientRequest request;
  request.method = "POST";
  request.url = url_ + path;
  request.headers = std::move(headers);
  request.headers.set("Content-Type", "application/json");
  request.body = json::to_text(body);
  return send(std::move(request));
}

Result<json::Value> Session::send(http::ClientRequest request) {
  if (!key_.empty()) request.headers.set("Authorization", "Bearer " + key_);
  TRY(const wire::Response response, client_->request(request));
  if (response.status < 200 || response.status > 299) return std::unexpected(refusal(response));
  return json::parse(response.body);
}

Result<void> Session::download(const std::string& url, const std::string& file) {
  http::ClientRequest request;
  const size_t path = is_own_ ? url.rfind("/files/") : std::string::npos;
  request.url = path == std::string::npos ? url : url_ + url.substr(path);
  request.timeout = std::chrono::milliseconds{0};
  TRY(const wire::Response response, client_->download(request, file, [](uint64_t, uint64_t) {
    return http::Client::Continue::kYes;
  }));
  if (response.status != 200) return std::unexpected(refusal(response));
  return {};
}

int report(const Error& error) {
  const std::string& text = error.user_message.empty() ? error.message : error.user_message;
  complain(text);
  return error.code == ErrorCode::kInvalidInput ? kUsage : kFailed;
}

int report_from_server(const Error& error) {
  const int exit_code = report(error);
  return error.code == ErrorCode::kUnavailable ? kUnreachable : exit_code;
}

}  // namespace rushes::cli

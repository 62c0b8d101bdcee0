// Session: the server a command talks to, found or started.
#pragma once

#include <memory>
#include <string>

#include "base/json/value.h"
#include "base/result.h"
#include "cli/options.h"
#include "core/wire/message.h"
#include "edge/http/client.h"
#include "server/app/app.h"
#include "server/config/config.h"

namespace rushes::cli {

// The configuration of a command: its file, then --data, then defaults. kInvalidInput says what to
// do.
Result<config::Config> load_config(const Connection& connection);

// Is there a data directory to read or change? kNotFound says that there is none, so that a
// mistyped --data is no new, empty one; kForbidden that it cannot be told.
Result<void> require_data(const config::Config& config);

// The path of this very program.
std::string program_path();

class Session {
 public:
  enum class Private { kRefuse, kStart };
  // --server, else the server that runs on the data directory, else (kStart) a private one on a
  // free loopback port, which ends with the session. kUnavailable if there is none.
  static Result<Session> open(const Connection& connection, Private private_server);

  // Replies with a 2xx status as JSON; any other status is an Error with the server's own message.
  Result<json::Value> get(const std::string& path);
  Result<json::Value> post(const std::string& path, const json::Value& body,
                           wire::Headers headers = {});
  // Replaces `file` with the resource at `url` once all of it is there.
  Result<void> download(const std::string& url, const std::string& file);

 private:
  Session(std::string url, bool is_own, std::string key, std::unique_ptr<app::App> server,
          std::unique_ptr<http::Client> client);
  Result<json::Value> send(http::ClientRequest request);

  std::string url_;
  bool is_own_;  // of this machine's data directory: its public address may not lead here
  std::string key_;
  std::unique_ptr<app::App> server_;
  std::unique_ptr<http::Client> client_;
};

// Prints the message; kUsage for kInvalidInput, else kFailed.
int report(const Error& error);
// The same for what a Session answered: kUnreachable for kUnavailable.
int report_from_server(const Error& error);

}  // namespace rushes::cli

#include <fmt/format.h>
#include <signal.h>

#include <cstdio>

#include "cli/command.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace rushes::cli {
namespace {

constexpr Millis kForever{3'600'000};

}  // namespace

int run(const Serve& serve, const Connection& connection) {
  auto config = load_config(connection);
  if (!config) return report(config.error());
  if (!serve.listen.empty()) config->server.listen = serve.listen;
  if (!serve.role.empty()) config->server.role = serve.role;

  Signals signals;
  auto app = app::App::create(*config, program_path());
  if (!app) return report(app.error());
  if (const std::string file = (*app)->first_key_file(); !file.empty()) {
    fmt::print("made account 'default' and its key: {}\n", file);
  }
  fmt::print("listening on {}\n", (*app)->url());
  std::fflush(stdout);

  for (;;) {
    const int signal = signals.wait(kForever);
    if (signal == SIGINT || signal == SIGTERM) break;
    if (signal == SIGHUP) (*app)->reload();
  }
  (*app)->stop();
  return kDone;
}

}  // namespace rushes::cli

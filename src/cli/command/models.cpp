#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "base/json/value.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace rushes::cli {
namespace {

Result<std::string> read_text(const std::string& file) {
  std::ostringstream text;
  if (file == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail_user(ErrorCode::kInvalidInput, fmt::format("cannot read {}", file));
  text << in.rdbuf();
  return text.str();
}

}  // namespace

int run(const Check& check, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  const auto body = read_text(check.file);
  if (!body) return report(body.error());
  const auto verdict = app::check_request(*config, check.profile, *body);
  if (!verdict) return report(verdict.error());
  const bool ok = verdict->bool_or("ok", false);
  if (connection.json) {
    fmt::print("{}\n", json::to_text(*verdict));
  } else if (ok) {
    fmt::print("ok: {} units\n", verdict->string_or("units", "0"));
  } else {
    fmt::print("refused: {}\n", verdict->string_or("message", ""));
  }
  return ok ? kDone : kFailed;
}

}  // namespace rushes::cli

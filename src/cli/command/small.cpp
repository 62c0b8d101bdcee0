// The commands of a few lines each.
#include <fmt/format.h>

#include <cstdlib>

#include "base/json/value.h"
#include "cli/command.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "previz/previz.h"

namespace rushes::cli {

int run(const Version&, const Connection&) {
  fmt::print("rushes " RUSHES_VERSION
             "\n\n"
             "  rushes generate \"A red fox in the snow\"   make a video now\n"
             "  rushes serve                              run the server\n"
             "  rushes --help                             everything else\n");
  return kDone;
}

int run(const Render& render, const Connection&) {
  return previz::render_main(render.job_file, render.output_dir);
}

int run(const Completion&, const Connection&) {
  fmt::print("{}", bash_completion());
  return kDone;
}

int run(const ShowConfig& show, const Connection& connection) {
  if (show.defaults) {
    fmt::print("{}", config::default_text());
    return kDone;
  }
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  if (connection.json) {
    fmt::print("{}\n", json::to_text(config::to_json(*config)));
  } else {
    fmt::print("{}", config::to_toml(*config));
  }
  return kDone;
}

int run(const Doctor&, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  const auto findings = app::examine(*config, std::getenv("PATH"));
  bool all_ok = true;
  json::Array array;
  std::vector<std::vector<std::string>> rows;
  for (const app::Finding& finding : findings) {
    all_ok = all_ok && finding.ok;
    rows.push_back({finding.ok ? "ok" : "WRONG", finding.subject, finding.detail});
    array.push_back(
        json::Object{{"subject", finding.subject}, {"ok", finding.ok}, {"detail", finding.detail}});
  }
  if (connection.json) {
    fmt::print("{}\n", json::to_text(json::Object{{"ok", all_ok}, {"findings", std::move(array)}}));
  } else {
    print_table(rows);
  }
  return all_ok ? kDone : kFailed;
}

}  // namespace rushes::cli

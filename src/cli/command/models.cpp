#include <fmt/format.h>

#include "base/json/value.h"
#include "cli/command.h"
#include "cli/file.h"
#include "cli/session.h"
#include "cli/terminal.h"

namespace rushes::cli {
namespace {

// "3-15" for consecutive numbers, else "5,10".
std::string joined(const json::Value* values) {
  if (values == nullptr || values->as_array() == nullptr) return "";
  const json::Array& items = *values->as_array();
  bool consecutive = items.size() > 2;
  for (size_t i = 1; i < items.size(); ++i) {
    consecutive = consecutive && items[i].as_int() == *items[i - 1].as_int() + 1;
  }
  if (consecutive) return json::to_text(items.front()) + "-" + json::to_text(items.back());
  std::string text;
  for (const json::Value& item : items) {
    text += (text.empty() ? "" : ",") + json::to_text(item);
  }
  return text;
}

// "2 / 4", the prices of the shortest and of the longest clip.
std::string price_range(const json::Value* prices) {
  if (prices == nullptr || prices->as_object() == nullptr || prices->as_object()->empty())
    return "-";
  const json::Object& list = *prices->as_object();
  const std::string* first = list.front().second.as_string();
  const std::string* last = list.back().second.as_string();
  return first == nullptr || last == nullptr ? "-" : *first + " / " + *last;
}

void print_models(const json::Value& profile) {
  const json::Value* models = profile.find("models");
  if (models == nullptr || models->as_array() == nullptr) return;
  std::vector<std::vector<std::string>> rows{
      {"MODEL", "MODE", "SECONDS", "16:9", "FPS", "SHOTS", "UNITS", "WITH SOUND"}};
  for (const json::Value& model : *models->as_array()) {
    const json::Value* modes = model.find("modes");
    if (modes == nullptr || modes->as_object() == nullptr) continue;
    for (const auto& [mode, offered] : *modes->as_object()) {
      const json::Value* sizes = offered.find("sizes");
      rows.push_back({model.string_or("name", ""), mode, joined(model.find("durations_s")),
                      sizes ? sizes->string_or("16:9", "") : "",
                      std::to_string(model.int_or("fps", 0)),
                      model.bool_or("multi_shot", false) ? "yes" : "-",
                      price_range(offered.find("price_units")),
                      price_range(offered.find("price_units_with_sound"))});
    }
  }
  fmt::print("profile {} at {}; units are for the shortest / longest clip\n\n",
             printable(profile.string_or("name", "")), printable(profile.string_or("mount", "")));
  print_table(rows);
}

}  // namespace

int run(const Models& models, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  const auto profile = app::describe_profile(*config, models.profile);
  if (!profile) return report(profile.error());
  if (connection.json) {
    fmt::print("{}\n", json::to_text(*profile));
  } else {
    print_models(*profile);
  }
  return kDone;
}

int run(const Check& check, const Connection& connection) {
  const auto config = load_config(connection);
  if (!config) return report(config.error());
  const auto body = check.file == "-" ? read_standard_input() : read_input(check.file);
  if (!body) return report(body.error());
  const auto verdict = app::check_request(*config, check.profile, *body);
  if (!verdict) return report(verdict.error());
  const bool ok = verdict->bool_or("ok", false);
  if (connection.json) {
    fmt::print("{}\n", json::to_text(*verdict));
  } else if (ok) {
    fmt::print("ok: {} units\n", verdict->string_or("units", "0"));
  } else {
    fmt::print("refused: {}\n", printable(verdict->string_or("message", "")));
  }
  return ok ? kDone : kFailed;
}

}  // namespace rushes::cli

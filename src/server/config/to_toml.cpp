#include <fmt/format.h>

#include "server/config/config.h"

namespace rushes::config {
namespace {

std::string inline_value(const json::Value& value);

std::string key_text(std::string_view key) {
  constexpr std::string_view kBare =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  const bool bare = !key.empty() && key.find_first_not_of(kBare) == std::string_view::npos;
  return bare ? std::string(key) : json::to_text(json::Value(key));
}

std::string pair_text(const std::string& name, const json::Value& value) {
  return fmt::format("{} = {}", key_text(name), inline_value(value));
}

// Texts and numbers are written alike in JSON and TOML; tables are not.
std::string inline_value(const json::Value& value) {
  std::string list;
  if (const json::Array* array = value.as_array()) {
    for (const json::Value& element : *array) {
      list += (list.empty() ? "" : ", ") + inline_value(element);
    }
    return fmt::format("[{}]", list);
  }
  if (const json::Object* object = value.as_object()) {
    for (const auto& [name, member] : *object) {
      list += (list.empty() ? "" : ", ") + pair_text(name, member);
    }
    return list.empty() ? "{}" : fmt::format("{{ {} }}", list);
  }
  return json::to_text(value);
}

bool is_list_of_tables(std::string_view path, const json::Value& value) {
  return value.as_array() != nullptr &&
         (path == "provider" || path == "route" || path == "provider.credential");
}

void write_table(std::string_view path, const json::Object& table, std::string& out) {
  for (const auto& [name, member] : table) {
    if (!is_list_of_tables(fmt::format("{}.{}", path, name), member)) {
      out += pair_text(name, member) + "\n";
    }
  }
}

void write_list(const std::string& path, const json::Array& list, std::string& out) {
  for (const json::Value& element : list) {
    out += fmt::format("\n[[{}]]\n", path);
    const json::Object& table = *element.as_object();
    write_table(path, table, out);
    for (const auto& [name, member] : table) {
      const std::string inner = fmt::format("{}.{}", path, name);
      if (is_list_of_tables(inner, member)) write_list(inner, *member.as_array(), out);
    }
  }
}

}  // namespace

std::string to_toml(const Config& config) {
  std::string out;
  const json::Value sections = to_json(config);
  for (const auto& [name, section] : *sections.as_object()) {
    if (is_list_of_tables(name, section)) {
      write_list(name, *section.as_array(), out);
    } else {
      out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", name);
      write_table(name, *section.as_object(), out);
    }
  }
  return out;
}

}  // namespace rushes::config

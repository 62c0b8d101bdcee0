#include "server/api/native_kit.h"

#include <fmt/format.h>

#include <charconv>

#include "base/utf8.h"

namespace rushes::api {
namespace {

constexpr size_t kEchoCharactersMax = 64;

}  // namespace

wire::Response json_response(std::string body) {
  wire::Response response;
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
  return response;
}

const std::string* find(const Query& query, std::string_view name) {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

dialect::Answer<int> read_bounded(const Query& query, std::string_view name, int fallback,
                                  int maximum) {
  const std::string* text = find(query, name);
  if (!text) return fallback;
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number < 1 ||
      number > maximum) {
    return dialect::refuse(
        dialect::Reason::kFieldInvalid,
        fmt::format("{} value '{}' is invalid: 1 to {}", name, echo(*text), maximum));
  }
  return number;
}

std::string_view echo(std::string_view text) {
  return truncate_code_points(text, kEchoCharactersMax);
}

void member_if(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.member(name, text);
}

}  // namespace rushes::api

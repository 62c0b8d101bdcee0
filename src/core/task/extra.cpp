#include "core/task/extra.h"

#include <algorithm>

namespace rushes {
namespace {

constexpr size_t kNameCharactersMax = 64;

// Names without separators and in lower case that are held back.
struct HeldBack {
  std::string_view word;
  bool alone = false;  // the whole name, else any part of it
};
constexpr HeldBack kHeldBack[] = {
    // The mapping wins: who makes it as what, under which id, and who is told.
    {"model"},
    {"provider"},
    {"external"},
    {"taskid"},
    {"requestid"},
    {"idempotency"},
    {"callback"},
    {"hook"},
    {"notif"},
    {"url"},
    {"uri"},
    {"endpoint"},
    // Who pays is the operator's credential.
    {"apikey"},
    {"accesskey"},
    {"key", true},
    {"secret"},
    {"token"},
    {"auth"},
    {"credential"},
    {"password"},
    {"account"},
    {"org"},
    {"project"},
    {"group"},
    {"tenant"},
    {"bill"},
    {"wallet"},
    // What it costs was judged by the fields that are known; pictures, voices and elements make it
    // a job of another kind and price.
    {"duration"},
    {"seconds"},
    {"length"},
    {"frame"},
    {"fps"},
    {"resolution"},
    {"quality"},
    {"size"},
    {"width"},
    {"height"},
    {"pixel"},
    {"upscale"},
    {"hd", true},
    {"sound"},
    {"audio"},
    {"voice"},
    {"image"},
    {"video"},
    {"mask"},
    {"reference"},
    {"element"},
    {"effect"},
    {"lora"},
    {"priority"},
    {"tier"},
    {"fast", true},
    {"plan", true},
    {"batch"},
    {"count"},
    {"num"},
    {"quantity"},
    {"sample"},
    {"output"},
    {"repeat"},
    {"n", true},
    // Gateways lay what is in there over the rest of the body.
    {"metadata"},
    {"extra"},
};

bool is_separator(char c) { return c == '_' || c == '-'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_plain(char c) {
  return is_separator(c) || is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Every name within.
bool names_pass(const json::Value& value, std::span<const std::string_view> known) {
  if (const json::Array* array = value.as_array()) {
    return std::ranges::all_of(
        *array, [&](const json::Value& element) { return names_pass(element, known); });
  }
  const json::Object* object = value.as_object();
  return object == nullptr || std::ranges::all_of(*object, [&](const json::Member& member) {
           return may_pass_on(member.first, member.second, known);
         });
}

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (!is_separator(c)) out += lower(c);
  }
  return out;
}

}  // namespace

// Of every field of every create: no text is made.
bool is_same_field(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view& rest) {
    while (!rest.empty() && is_separator(rest.front())) rest.remove_prefix(1);
    if (rest.empty()) return '\0';
    const char c = rest.front();
    rest.remove_prefix(1);
    return lower(c);
  };
  for (;;) {
    const char of_a = next(a), of_b = next(b);
    if (of_a != of_b) return false;
    if (of_a == '\0') return a.empty() && b.empty();
  }
}

bool may_pass_on(std::string_view name) {
  const bool plain = name.size() <= kNameCharactersMax && std::ranges::all_of(name, is_plain);
  const std::string word = folded(name);
  return plain && !word.empty() && std::ranges::none_of(kHeldBack, [&](const HeldBack& held) {
           return held.alone ? word == held.word : word.contains(held.word);
         });
}

bool may_pass_on(std::string_view name, const json::Value& value,
                 std::span<const std::string_view> known) {
  const auto is_same = [&](std::string_view field) { return is_same_field(field, name); };
  return std::ranges::none_of(known, is_same) && may_pass_on(name) && names_pass(value, known);
}

}  // namespace rushes

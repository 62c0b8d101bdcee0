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
    {"notify"},
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
    {"organization"},
    {"project"},
    {"group"},
    // What it costs was judged by the fields that are known; pictures, voices and elements make it
    // a job of another kind and price.
    {"duration"},
    {"seconds"},
    {"resolution"},
    {"quality"},
    {"size"},
    {"sound"},
    {"audio"},
    {"voice"},
    {"image"},
    {"video"},
    {"element"},
    {"priority"},
    {"servicetier"},
    {"batch"},
    {"count"},
    {"n", true},
    // Gateways lay what is in there over the rest of the body.
    {"metadata"},
    {"extra"},
};

bool is_separator(char c) { return c == '_' || c == '-'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_plain(char c) {
  return is_separator(c) || is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string folded(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (!is_separator(c)) out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

bool is_same_field(std::string_view a, std::string_view b) { return folded(a) == folded(b); }

bool may_pass_on(std::string_view name) {
  const bool plain = name.size() <= kNameCharactersMax && std::ranges::all_of(name, is_plain);
  const std::string word = folded(name);
  return plain && !word.empty() && std::ranges::none_of(kHeldBack, [&](const HeldBack& held) {
           return held.alone ? word == held.word : word.contains(held.word);
         });
}

}  // namespace rushes

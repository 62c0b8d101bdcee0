#include "edge/blob/blob.h"

namespace rushes::blob {
namespace {

constexpr size_t kKeySizeMax = 200;

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool is_valid_key(std::string_view key) {
  if (key.empty() || key.size() > kKeySizeMax) return false;
  while (true) {
    const size_t slash = key.find('/');
    const std::string_view segment = key.substr(0, slash);
    if (segment.empty() || segment == "." || segment == "..") return false;
    for (const char c : segment) {
      if (!is_key_character(c)) return false;
    }
    if (slash == std::string_view::npos) return true;
    key.remove_prefix(slash + 1);
  }
}

}  // namespace rushes::blob

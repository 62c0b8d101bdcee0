// What parses can be written and parses to the same value again, also canonically.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/json/value.h"
#include "base/utf8.h"

using namespace rushes;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto value = json::parse({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const std::string text = json::to_text(*value);
  RUSHES_CHECK(is_valid_utf8(text));
  const auto again = json::parse(text);
  RUSHES_CHECK(again.has_value());
  RUSHES_CHECK(json::to_text(*again) == text);
  RUSHES_CHECK(json::to_canonical_text(*again) == json::to_canonical_text(*value));
  return 0;
}

// Icons are data that the build brings in; a broken one may draw nonsense, but nothing worse.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "previz/render/card/svg.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  rushes::ignore_error(rushes::previz::card::rasterise_svg(text, 24), "any outcome but a crash");
  return 0;
}

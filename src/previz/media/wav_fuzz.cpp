// Any bytes as a WAV file: an error or finite samples.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "previz/media/speech.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rushes::previz;
  const auto samples = read_wav({reinterpret_cast<const char*>(data), size});
  if (!samples) return 0;
  for (const float sample : *samples) RUSHES_CHECK(sample > -8 && sample < 8);
  return 0;
}

// Any bytes as an MP4 file: an error or a movie within bounds, never more.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "previz/media/movie.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rushes::previz;
  const ByteSource source{size, [&](uint64_t offset, size_t count) -> rushes::Result<std::string> {
                            RUSHES_CHECK(offset <= size && count <= size - offset);
                            return std::string(reinterpret_cast<const char*>(data) + offset, count);
                          }};
  const auto movie = read_movie(source);
  if (movie) {
    rushes::ignore_error(check_clip(*movie, {64, 36, 24, 3, false}), "any answer will do");
  } else {
    RUSHES_CHECK(movie.error().code == rushes::ErrorCode::kCorrupt);
  }
  return 0;
}

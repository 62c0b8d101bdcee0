// The chunked transfer coding (RFC 9112 section 7.1) out of a stream of bytes, strictly: sizes are
// hex digits only, extensions are well-formed on their own line, lines end in CRLF. Pure.
//
// It stands beside Beast's parser, which reads the header, because Beast 1.81 asserts that the last
// chunk arrives in pieces of at least 5 bytes, which a client can break, and reads a quoted
// extension across the end of its line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rushes::http {

class ChunkedDecoder {
 public:
  // `line_bytes_max` bounds one chunk's header line and one trailer field.
  ChunkedDecoder(size_t line_bytes_max, size_t body_bytes_max)
      : line_bytes_max_(line_bytes_max), body_bytes_max_(body_bytes_max) {}

  enum class Progress {
    kNeedMore,
    kComplete,
    kMalformed,
    kBodyTooLarge,
    kLineTooLong,
  };
  struct Step {
    Progress progress;
    size_t consumed_bytes;
  };
  // `bytes` begins with the first byte not consumed yet; what the chunks hold is appended to
  // `body`. Trailers are checked and dropped.
  Step decode(std::string_view bytes, std::string& body);

 private:
  enum class Expecting { kSize, kData, kDataEnd, kTrailer };

  Progress take_line(std::string_view line);
  Progress take_size(std::string_view line);
  size_t take_data(std::string_view bytes, std::string& body);

  size_t line_bytes_max_, body_bytes_max_;
  Expecting expecting_ = Expecting::kSize;
  uint64_t chunk_rest_bytes_ = 0;
  size_t body_bytes_ = 0;      // announced by the chunk headers so far
  size_t overhead_bytes_ = 0;  // all that was not body
};

}  // namespace rushes::http

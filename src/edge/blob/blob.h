// BlobStore: the bytes of videos and pictures, by key. Implementations: blob/disk; one conformance
// suite (conformance.h) runs against each.
//
// A key is a relative path of lower-case letters, digits, '-', '_', '.' and '/', at most 200 bytes,
// without empty, "." or ".." segments: "12345/video.mp4". A blob is there whole or not at all, and
// durable when put completes. Every operation may be called from any io_context and resumes on the
// caller's executor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "edge/platform/async.h"

namespace rushes::blob {

struct Stored {
  uint64_t size_bytes = 0;
  std::string sha256;  // lower-case hex
};

// A blob as a local file, readable until it is removed; it never changes.
struct Located {
  std::string path;
  uint64_t size_bytes = 0;
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;

  // Moves a local file in; whatever was under the key is replaced at once. kInvalidInput for a bad
  // key or an empty file, kUnavailable if the disk refuses (the source may be gone then).
  virtual Awaitable<Result<Stored>> put_file(std::string key, std::string path) = 0;
  virtual Awaitable<Result<std::optional<Located>>> find(std::string key) = 0;
  // No such blob is no error.
  virtual Awaitable<Result<void>> remove(std::string key) = 0;
};

bool is_valid_key(std::string_view key);

}  // namespace rushes::blob

// MediaTool: looks into video files that came from outside. The engine's port to previz/media.
#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"
#include "edge/platform/async.h"

namespace rushes::engine {

struct MediaFacts {
  Millis duration{0};
  bool has_poster = false;  // a picture of it was written
};

class MediaTool {
 public:
  virtual ~MediaTool() = default;
  // kCorrupt if `path` is no video that plays. Also writes a JPEG of its first moments to
  // `poster_path`, where the means are there.
  virtual Awaitable<Result<MediaFacts>> examine(std::string path, std::string poster_path) = 0;
  // Files that wait for their turn, and all that come later, are refused with kUnavailable.
  virtual void stop() = 0;
};

}  // namespace rushes::engine

// Renderer: the engine's port to whoever makes a video on this machine. process_renderer.h is the
// real one; tests hand in their own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/json/value.h"
#include "base/result.h"
#include "edge/platform/async.h"

namespace rushes::engine {

struct RenderRequest {
  json::Value job;             // what `rushes render --job` reads
  std::string work_directory;  // fresh and empty; results appear here
};

// The end of one try.
struct RenderOutcome {
  enum class Kind {
    kDone,     // the files of RenderFiles are there
    kFailed,   // it ended by itself without a result
    kStopped,  // stop() ended it
  };
  Kind kind = Kind::kFailed;
  std::string error;  // for the operator: exit code, signal, last words
  int frame_count = 0;
  int fps = 0;
  std::vector<std::string> notes;
};

// Names in the work directory; the watermarked file only where one was asked for.
struct RenderFiles {
  static constexpr std::string_view kVideo = "video.mp4";
  static constexpr std::string_view kWatermarked = "watermarked.mp4";
  static constexpr std::string_view kPoster = "poster.jpg";
};

// A render in progress. Destroying it ends it.
class Rendering {
 public:
  virtual ~Rendering() = default;
  virtual Awaitable<RenderOutcome> wait() = 0;  // once
  // Prompt; wait() then completes with kStopped. Again is no error.
  virtual void stop() = 0;
};

class Renderer {
 public:
  virtual ~Renderer() = default;
  // `on_progress` gets percents, 0..100, on the executor's thread until wait() completes.
  virtual Result<std::unique_ptr<Rendering>> start(RenderRequest request, Executor executor,
                                                   std::function<void(int)> on_progress) = 0;
};

}  // namespace rushes::engine

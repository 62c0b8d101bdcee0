// The world of the engine as a test sees it: entropy from a seed, a silent log, blobs in memory, a
// renderer that does as it is told.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log/logger.h"
#include "core/provider/previz/adapter.h"
#include "edge/blob/blob.h"
#include "edge/platform/clock.h"
#include "server/engine/media.h"
#include "server/engine/providers.h"
#include "server/engine/renderer.h"

namespace rushes::testing {

class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(uint64_t seed = 1) : state_(seed) {}
  void fill(std::span<uint8_t> bytes) override;
  int below(int bound);

 private:
  uint64_t state_;
};

class SilentLogger final : public log::Logger {
 public:
  bool is_enabled(log::Level) const override { return false; }
  void write(log::Level, std::string_view, std::span<const log::Field>) override {}
};

class MemoryBlobs final : public blob::BlobStore {
 public:
  Awaitable<Result<blob::Stored>> put_file(std::string key, std::string path) override;
  Awaitable<Result<std::optional<blob::Located>>> find(std::string key) override;
  Awaitable<Result<void>> remove(std::string key) override;

  std::map<std::string, std::string> blobs;
  bool refuses_writes = false;  // as a full disk does
};

class ScriptedRenderer final : public engine::Renderer {
 public:
  struct Render {
    engine::RenderRequest request;
    std::function<void(int)> on_progress;
    Completion<engine::RenderOutcome> done;  // set while somebody waits
    bool stopped = false;
  };

  Result<std::unique_ptr<engine::Rendering>> start(engine::RenderRequest request, Executor executor,
                                                   std::function<void(int)> on_progress) override;

  // A finished render of `frame_count` frames: its files appear and its wait ends.
  void succeed(size_t index, int frame_count);
  void fail(size_t index, std::string error);

  // Every render succeeds at once while this is positive.
  int succeeds_with_frames = 0;
  std::vector<std::shared_ptr<Render>> renders;  // in the order of their start
};

// Every file that is there is a video of five seconds, unless it begins with "<".
class FixedMedia final : public engine::MediaTool {
 public:
  Awaitable<Result<engine::MediaFacts>> examine(std::string path, std::string poster) override;
  void stop() override {}

  Millis duration{5'000};
};

// The providers of a server without configuration.
engine::Providers only_previz();

// Writes what a finished render leaves behind.
void write_render_files(const std::string& directory);

}  // namespace rushes::testing

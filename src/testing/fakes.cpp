#include "testing/fakes.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/crypto/digest.h"
#include "edge/platform/files.h"

namespace rushes::testing {
namespace {

constexpr size_t kBlobSizeMax = 1 << 20;

class ScriptedRendering final : public engine::Rendering {
 public:
  ScriptedRendering(ScriptedRenderer& renderer, std::shared_ptr<ScriptedRenderer::Render> render)
      : renderer_(renderer), render_(std::move(render)) {}

  Awaitable<engine::RenderOutcome> wait() override {
    if (render_->stopped) co_return stopped();
    if (renderer_.succeeds_with_frames > 0) {
      write_render_files(render_->request.work_directory);
      co_return done(renderer_.succeeds_with_frames);
    }
    auto start = [render = render_.get()](Completion<engine::RenderOutcome> completion) {
      render->done = std::move(completion);
    };
    co_return co_await await_completion<engine::RenderOutcome>(std::move(start));
  }

  void stop() override {
    if (std::exchange(render_->stopped, true)) return;
    if (render_->done) std::exchange(render_->done, nullptr)(stopped());
  }

  static engine::RenderOutcome stopped() {
    engine::RenderOutcome outcome;
    outcome.kind = engine::RenderOutcome::Kind::kStopped;
    return outcome;
  }

  static engine::RenderOutcome done(int frame_count) {
    engine::RenderOutcome outcome;
    outcome.kind = engine::RenderOutcome::Kind::kDone;
    outcome.frame_count = frame_count;
    outcome.fps = 24;
    outcome.notes = {"drawn: fox"};
    return outcome;
  }

 private:
  ScriptedRenderer& renderer_;
  std::shared_ptr<ScriptedRenderer::Render> render_;
};

}  // namespace

// splitmix64.
void SeededEntropy::fill(std::span<uint8_t> bytes) {
  for (uint8_t& byte : bytes) {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    byte = static_cast<uint8_t>(mixed >> 56);
  }
}

int SeededEntropy::below(int bound) {
  return static_cast<int>(next_u64() % static_cast<uint64_t>(bound));
}

Awaitable<Result<blob::Stored>> MemoryBlobs::put_file(std::string key, std::string path) {
  if (refuses_writes) co_return ::rushes::fail(ErrorCode::kUnavailable, "no space left");
  auto bytes = files::read(path, kBlobSizeMax);
  if (!bytes) co_return std::unexpected(bytes.error());
  if (bytes->empty()) co_return ::rushes::fail(ErrorCode::kInvalidInput, path + " is empty");
  std::filesystem::remove(path);
  blob::Stored stored{bytes->size(), to_hex(sha256(*bytes))};
  blobs[std::move(key)] = *std::move(bytes);
  co_return stored;
}

Awaitable<Result<std::optional<blob::Located>>> MemoryBlobs::find(std::string key) {
  const auto found = blobs.find(key);
  if (found == blobs.end()) co_return std::nullopt;
  co_return blob::Located{key, found->second.size()};
}

Awaitable<Result<void>> MemoryBlobs::remove(std::string key) {
  blobs.erase(key);
  co_return Result<void>{};
}

Result<std::unique_ptr<engine::Rendering>> ScriptedRenderer::start(
    engine::RenderRequest request, Executor, std::function<void(int)> on_progress) {
  auto render = std::make_shared<Render>();
  render->request = std::move(request);
  render->on_progress = std::move(on_progress);
  renders.push_back(render);
  return std::make_unique<ScriptedRendering>(*this, std::move(render));
}

void ScriptedRenderer::succeed(size_t index, int frame_count) {
  Render& render = *renders.at(index);
  RUSHES_CHECK(render.done != nullptr);
  write_render_files(render.request.work_directory);
  std::exchange(render.done, nullptr)(ScriptedRendering::done(frame_count));
}

void ScriptedRenderer::fail(size_t index, std::string error) {
  Render& render = *renders.at(index);
  RUSHES_CHECK(render.done != nullptr);
  engine::RenderOutcome outcome;
  outcome.error = std::move(error);
  std::exchange(render.done, nullptr)(std::move(outcome));
}

void write_render_files(const std::string& directory) {
  for (const std::string_view file :
       {engine::RenderFiles::kVideo, engine::RenderFiles::kWatermarked,
        engine::RenderFiles::kPoster}) {
    const std::string path = directory + "/" + std::string(file);
    RUSHES_CHECK(files::write_atomically(path, "bytes of " + std::string(file)).has_value());
  }
}

Awaitable<Result<engine::MediaFacts>> FixedMedia::examine(std::string path, std::string) {
  const auto bytes = files::read(path, kBlobSizeMax);
  if (!bytes) co_return ::rushes::fail(ErrorCode::kCorrupt, "no file");
  if (bytes->starts_with('<')) co_return ::rushes::fail(ErrorCode::kCorrupt, "no video");
  co_return engine::MediaFacts{.duration = duration};
}

engine::Providers only_previz() {
  static const provider::previz::PrevizAdapter adapter;
  engine::Providers providers;
  providers.adapters = {&adapter};
  engine::ConfiguredProvider previz;
  previz.settings.name = previz.settings.adapter = "previz";
  previz.adapter = &adapter;
  providers.list.push_back(std::move(previz));
  return providers;
}

}  // namespace rushes::testing

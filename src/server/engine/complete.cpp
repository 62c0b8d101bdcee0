#include "server/engine/complete.h"

#include <fmt/format.h>

#include <algorithm>

namespace rushes::engine {
namespace {

struct ArtifactFile {
  ArtifactKind kind;
  std::string_view file, content_type;
};
constexpr ArtifactFile kFiles[] = {
    {ArtifactKind::kVideo, RenderFiles::kVideo, "video/mp4"},
    {ArtifactKind::kWatermarkedVideo, RenderFiles::kWatermarked, "video/mp4"},
    {ArtifactKind::kPoster, RenderFiles::kPoster, "image/jpeg"},
};

const ArtifactFile& file_of(ArtifactKind kind) {
  return *std::ranges::find(kFiles, kind, &ArtifactFile::kind);
}

}  // namespace

std::string Complete::blob_key(TaskId id, int attempt, std::string_view file) {
  return fmt::format("{}-{}/{}", id.to_string(), attempt, file);
}

std::vector<std::string> Complete::blob_keys(TaskId id, int attempt) {
  std::vector<std::string> keys;
  for (const ArtifactFile& file : kFiles) keys.push_back(blob_key(id, attempt, file.file));
  return keys;
}

Awaitable<Result<void>> Complete::complete(Task task, RenderOutcome outcome,
                                           std::string work_directory) {
  const auto expected = services_.catalog.output(task.spec);
  if (!expected) co_return std::unexpected(expected.error());
  if (outcome.fps <= 0 || outcome.frame_count != expected->frame_count) {
    co_return fail(ErrorCode::kCorrupt,
                   fmt::format("the render has {} frames at {} fps instead of {}",
                               outcome.frame_count, outcome.fps, expected->frame_count));
  }
  Finished finished;
  finished.duration = Millis{int64_t{outcome.frame_count} * 1000 / outcome.fps};
  finished.has_watermarked = task.spec.watermark == Watermark::kOn;
  finished.has_poster = true;
  finished.notes = std::move(outcome.notes);
  co_return co_await keep(std::move(task), std::move(finished), std::move(work_directory));
}

Awaitable<Result<void>> Complete::keep(Task task, Finished finished, std::string work_directory) {
  store::Change change;
  for (const ArtifactFile& file : kFiles) {
    const bool is_there =
        file.kind == ArtifactKind::kVideo ||
        (file.kind == ArtifactKind::kPoster ? finished.has_poster : finished.has_watermarked);
    if (!is_there) continue;
    auto artifact =
        co_await take_in(task, file.kind, work_directory,
                         file.kind == ArtifactKind::kPoster ? Millis{0} : finished.duration);
    if (!artifact) co_return std::unexpected(artifact.error());
    change.artifacts.push_back(std::move(*artifact));
  }
  change.id = task.id;
  change.from = task.state;
  change.attempt = task.attempt;
  change.node = options_.node;
  change.to = TaskState::kSucceeded;
  change.at = services_.clock.now();
  change.event_name = "succeeded";
  change.notes = std::move(finished.notes);
  change.attempt_record = std::move(finished.attempt);
  change.price_final = task.price_estimate;
  const auto changed = co_await services_.store.change_task(std::move(change));
  if (changed) co_await remove_earlier_tries(task);
  co_return changed;
}

Awaitable<Result<Artifact>> Complete::take_in(Task task, ArtifactKind kind,
                                              std::string work_directory, Millis duration) {
  const ArtifactFile& file = file_of(kind);
  Artifact artifact;
  artifact.id =
      TaskId::make(services_.clock.now(), static_cast<uint32_t>(services_.entropy.next_u64()));
  artifact.kind = kind;
  artifact.blob_key = blob_key(task.id, task.attempt, file.file);
  artifact.content_type = file.content_type;
  artifact.duration = duration;
  const auto stored = co_await services_.blobs.put_file(
      artifact.blob_key, fmt::format("{}/{}", work_directory, file.file));
  if (!stored) {
    // A missing or empty file is the renderer's failure, a full disk is ours.
    Error error = stored.error();
    if (error.code == ErrorCode::kInvalidInput || error.code == ErrorCode::kNotFound) {
      error.code = ErrorCode::kCorrupt;
    }
    co_return std::unexpected(std::move(error).with_context("keep the result"));
  }
  artifact.size_bytes = stored->size_bytes;
  artifact.sha256 = stored->sha256;
  co_return artifact;
}

// A crash between the blobs and the transaction left them behind; this is where they go.
Awaitable<> Complete::remove_earlier_tries(Task task) {
  for (int attempt = 1; attempt < task.attempt; ++attempt) {
    for (std::string key : blob_keys(task.id, attempt)) {
      const auto removed = co_await services_.blobs.remove(std::move(key));
      ignore_error(removed, "a stray file costs space only; clean removes it with the task");
    }
  }
}

}  // namespace rushes::engine

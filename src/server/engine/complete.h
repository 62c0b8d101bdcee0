// complete: the files of a finished attempt become artifacts, and the task succeeds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/task/attempt.h"
#include "server/engine/services.h"

namespace rushes::engine {

// What lies in a work directory under the names of RenderFiles, and what is to be said about it.
struct Finished {
  Millis duration{0};
  bool has_watermarked = false, has_poster = false;
  std::vector<std::string> notes;
  std::optional<Attempt> attempt;  // of a remote provider: written with the terminal state
};

class Complete {
 public:
  Complete(Services services, Options options)
      : services_(services), options_(std::move(options)) {}

  // Moves the files into the blob store, then one transaction: terminal state, artifacts, price,
  // event. kCorrupt if a file that must be there is missing or empty: the try failed. kConflict if
  // the task is no longer ours: nothing was changed.
  Awaitable<Result<void>> keep(Task task, Finished finished, std::string work_directory);

  // As keep(), of a render of this machine; also kCorrupt if it has not the frames asked for.
  Awaitable<Result<void>> complete(Task task, RenderOutcome outcome, std::string work_directory);

  // Where the blobs of a try lie. Each try has its own, so that a node that lost its lease cannot
  // replace what another one has settled.
  static std::string blob_key(TaskId id, int attempt, std::string_view file);
  static constexpr int kFilesMax = 3;
  static std::vector<std::string> blob_keys(TaskId id, int attempt);

 private:
  Awaitable<Result<Artifact>> take_in(Task task, ArtifactKind kind, std::string work_directory,
                                      Millis duration);
  Awaitable<> remove_earlier_tries(Task task);

  Services services_;
  Options options_;
};

}  // namespace rushes::engine

// Output: the files of one job. Frames go in, and when everything is complete and checked, finished
// files appear under their names. Until then, and after an error, there are only files whose names
// begin with a dot, which go with the Output.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "previz/job.h"
#include "previz/media/encoder.h"
#include "previz/media/watermark.h"
#include "previz/render/picture.h"
#include "previz/sound/soundtrack.h"

namespace rushes::previz {

struct OutputOptions {
  std::string directory;
  std::string encoder = "ffmpeg";
  int width = 0, height = 0, fps = 24, frame_count = 0;
  std::vector<int> cuts;  // first frames of every shot but the first
  std::string comment;
  bool watermark = false;
  const Soundtrack* sound = nullptr;  // null: no audio track
};

class Output {
 public:
  // Starts the encoders on the calling thread, which must outlive this object (see Child).
  static Result<std::unique_ptr<Output>> open(const OutputOptions& options);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Frames in order, exactly frame_count of them; from one thread at a time.
  Result<void> write(const Picture& picture);

  // After the last frame: ends the encoders, checks their files and publishes everything.
  Result<void> finish(const JobResult& result);

 private:
  explicit Output(const OutputOptions& options) : options_(options) {}
  Result<std::unique_ptr<Encoder>> start_encoder(const std::string& name);
  Result<void> check_video(const std::string& name) const;
  Result<void> publish(const std::string& name);
  std::string part(const std::string& name) const;   // while it is being made
  std::string place(const std::string& name) const;  // when it is done

  const OutputOptions options_;
  std::unique_ptr<Encoder> plain_, marked_;
  std::unique_ptr<Watermark> mark_;
  I420 frame_, poster_;
  int frames_written_ = 0;
  std::vector<std::string> parts_;  // to be removed
};

}  // namespace rushes::previz

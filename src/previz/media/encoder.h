// Encoder: raw frames in, an MP4 file out, by an ffmpeg child process.
//
// The file: H.264 High, yuv420p, bt.709 video range (flagged in the stream and in `colr`), constant
// frame rate, closed groups of at most 48 frames, key frames at the given cuts, the index in front
// of the data, no dates, no version strings. With a soundtrack AAC-LC 48 kHz stereo, else no audio
// track at all. x264's output depends on its number of threads, so that is pinned: the same frames
// give the same bytes on every machine with the same ffmpeg.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "previz/media/child.h"
#include "previz/media/i420.h"

namespace rushes::previz {

struct EncoderOptions {
  std::string program = "ffmpeg";
  std::string path;  // of the file to write; replaced if it exists
  int width = 0, height = 0;
  int fps = 24;
  std::vector<int> cuts;   // first frames of every shot but the first
  std::string comment;     // the file's only metadata
  std::string sound_path;  // raw float32 stereo 48 kHz; empty: no audio track
};

// The command line; what the file looks like is decided here.
std::vector<std::string> encoder_command(const EncoderOptions& options);

class Encoder {
 public:
  // See Child about the thread to call this on.
  static Result<std::unique_ptr<Encoder>> start(const EncoderOptions& options);

  // Frames in order, of the size of the file.
  Result<void> write(const I420& frame);

  // After the last frame. The file is complete when this succeeded.
  Result<void> finish();

 private:
  explicit Encoder(std::unique_ptr<Child> child) : child_(std::move(child)) {}
  std::unique_ptr<Child> child_;
};

// Writes `frame` as a JPEG of at most 1280 pixels on its longer side.
Result<void> write_poster(const std::string& program, const I420& frame, const std::string& path);

}  // namespace rushes::previz

// Movie: what an MP4 file says about itself, read by our own small parser, so that a clip is
// checked before it counts as made. Reads the index only, never the media data; bounded in memory
// and time whatever the bytes are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace rushes::previz {

enum class TrackKind { kVideo, kAudio, kOther };

struct Track {
  TrackKind kind = TrackKind::kOther;
  std::string codec;  // "avc1", "mp4a"
  uint32_t timescale = 0;
  uint64_t media_duration = 0;      // in the track's timescale
  uint64_t presented_duration = 0;  // in the movie's timescale, after the edit list
  uint64_t sample_count = 0;
  uint32_t sample_duration = 0;       // 0 if samples differ in length
  std::vector<uint32_t> key_frames;   // indices from 0; empty: every sample is one
  int width = 0, height = 0;          // video
  int channels = 0, sample_rate = 0;  // audio
  // The `colr` box: ISO 23091-2 code points, 1 for bt.709; 0 if there is none.
  int primaries = 0, transfer = 0, matrix = 0;
  bool full_range = false;
};

struct Movie {
  uint32_t timescale = 0;
  bool index_first = false;  // playable while it loads
  std::vector<Track> tracks;

  const Track* find(TrackKind kind) const;
};

// Bytes by offset. `read` returns exactly `count` bytes or an error; it is never asked beyond
// `size_bytes`.
struct ByteSource {
  uint64_t size_bytes = 0;
  std::function<Result<std::string>(uint64_t offset, size_t count)> read;
};

// kCorrupt if it is no MP4 with a movie index.
Result<Movie> read_movie(const ByteSource& source);
Result<Movie> read_movie_file(const std::string& path);

// What a finished clip must be.
struct ClipExpectation {
  int width = 0, height = 0, fps = 24, frame_count = 0;
  bool has_sound = false;
};
// kCorrupt, saying what differs.
Result<void> check_clip(const Movie& movie, const ClipExpectation& expected);

}  // namespace rushes::previz

#include "previz/media/movie.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace rushes::previz {
namespace {

constexpr size_t kIndexBytesMax = 16 << 20;
constexpr int kTopBoxesMax = 64;
constexpr size_t kTracksMax = 16;
constexpr size_t kKeyFramesMax = 1 << 20;

std::unexpected<Error> corrupt(std::string what) {
  return fail(ErrorCode::kCorrupt, "not a valid MP4: " + std::move(what));
}

// Big-endian numbers from the front of some bytes. Reading past the end gives zeros and sets a flag
// that the caller checks once.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  uint64_t number(size_t size) {
    if (size > bytes_.size()) {
      failed_ = true;
      bytes_ = {};
      return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<uint8_t>(bytes_[i]);
    bytes_.remove_prefix(size);
    return value;
  }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  std::string_view text(size_t size) {
    const std::string_view head = bytes_.substr(0, size);
    skip(size);
    return head;
  }
  void skip(size_t size) {
    failed_ = failed_ || size > bytes_.size();
    bytes_.remove_prefix(std::min(size, bytes_.size()));
  }
  bool failed() const { return failed_; }
  size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  bool failed_ = false;
};

struct Box {
  std::string_view type, body;
};

// The next box of `bytes`, which it removes; nothing at the end or where a box does not fit.
std::optional<Box> next_box(std::string_view& bytes) {
  if (bytes.size() < 8) return std::nullopt;
  Reader head(bytes);
  uint64_t size = head.u32();
  const std::string_view type = bytes.substr(4, 4);
  size_t header = 8;
  if (size == 1 && bytes.size() >= 16) {
    head.skip(4);
    size = head.number(8);
    header = 16;
  } else if (size == 0) {
    size = bytes.size();
  }
  if (size < header || size > bytes.size()) return std::nullopt;
  const Box box{type, bytes.substr(header, static_cast<size_t>(size) - header)};
  bytes.remove_prefix(static_cast<size_t>(size));
  return box;
}

// The body of the first box of that type among `bytes`; empty if there is none.
std::string_view find_box(std::string_view bytes, std::string_view type) {
  while (const auto box = next_box(bytes)) {
    if (box->type == type) return box->body;
  }
  return {};
}

// "mdia/minf/stbl": down the tree.
std::string_view find_path(std::string_view bytes, std::string_view path) {
  while (!path.empty()) {
    bytes = find_box(bytes, path.substr(0, 4));
    path.remove_prefix(std::min<size_t>(5, path.size()));
  }
  return bytes;
}

// mvhd and mdhd share their head: version, flags, two dates, timescale, duration.
struct Timing {
  uint32_t timescale = 0;
  uint64_t duration = 0;
};
std::optional<Timing> read_timing(std::string_view body) {
  Reader in(body);
  const uint8_t version = in.u8();
  in.skip(3);
  in.skip(version == 1 ? 16 : 8);
  Timing timing;
  timing.timescale = in.u32();
  timing.duration = in.number(version == 1 ? 8 : 4);
  if (in.failed() || timing.timescale == 0) return std::nullopt;
  return timing;
}

// Sum of the edits that show media; the whole track if it has no edit list.
uint64_t presented_duration(std::string_view track_box, uint64_t whole) {
  const std::string_view body = find_path(track_box, "edts/elst");
  if (body.empty()) return whole;
  Reader in(body);
  const size_t wide = in.u8() == 1 ? 8 : 4;
  in.skip(3);
  const uint32_t count = in.u32();
  uint64_t total = 0;
  for (uint32_t i = 0; i < count && !in.failed(); ++i) {
    const uint64_t duration = in.number(wide), media_time = in.number(wide);
    in.skip(4);
    const bool is_gap = media_time == (wide == 8 ? ~uint64_t{0} : 0xffffffffu);
    if (!is_gap && !in.failed()) total += duration;
  }
  return total;
}

void read_colour(std::string_view entry_boxes, Track& track) {
  Reader in(find_box(entry_boxes, "colr"));
  if (in.text(4) != "nclx") return;
  track.primaries = in.u16();
  track.transfer = in.u16();
  track.matrix = in.u16();
  track.full_range = (in.u8() & 0x80) != 0;
}

// The first sample entry of stsd.
Result<void> read_description(std::string_view table, Track& track) {
  std::string_view body = find_box(table, "stsd");
  if (body.size() < 8) return corrupt("a track without a description");
  body.remove_prefix(8);
  const auto entry = next_box(body);
  if (!entry) return corrupt("a track without a codec");
  track.codec = std::string(entry->type);
  Reader in(entry->body);
  if (track.kind == TrackKind::kVideo) {
    constexpr size_t kVisualEntry = 78;
    in.skip(24);
    track.width = in.u16();
    track.height = in.u16();
    if (in.failed() || entry->body.size() < kVisualEntry) return corrupt("a short video entry");
    read_colour(entry->body.substr(kVisualEntry), track);
  } else if (track.kind == TrackKind::kAudio) {
    in.skip(16);
    track.channels = in.u16();
    in.skip(6);
    track.sample_rate = static_cast<int>(in.u32() >> 16);
    if (in.failed()) return corrupt("a short audio entry");
  }
  return {};
}

// stts: how many samples, how long each.
Result<void> read_sample_times(std::string_view table, Track& track) {
  Reader in(find_box(table, "stts"));
  in.skip(4);
  const uint32_t count = in.u32();
  if (in.failed() || count > in.left() / 8) return corrupt("a bad table of sample times");
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t samples = in.u32(), duration = in.u32();
    track.sample_duration = i == 0 || track.sample_duration == duration ? duration : 0;
    track.sample_count += samples;
  }
  return {};
}

Result<void> read_key_frames(std::string_view table, Track& track) {
  const std::string_view body = find_box(table, "stss");
  if (body.empty()) return {};
  Reader in(body);
  in.skip(4);
  const uint32_t count = in.u32();
  if (in.failed() || count > in.left() / 4 || count > kKeyFramesMax) {
    return corrupt("a bad table of key frames");
  }
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t number = in.u32();  // from 1
    if (number == 0) return corrupt("a key frame with the number 0");
    track.key_frames.push_back(number - 1);
  }
  return {};
}

Result<Track> read_track(std::string_view box, uint32_t movie_timescale) {
  Track track;
  const auto timing = read_timing(find_path(box, "mdia/mdhd"));
  if (!timing) return corrupt("a track without a clock");
  track.timescale = timing->timescale;
  track.media_duration = timing->duration;
  Reader handler(find_path(box, "mdia/hdlr"));
  handler.skip(8);
  const std::string_view kind = handler.text(4);
  if (kind == "vide") track.kind = TrackKind::kVideo;
  if (kind == "soun") track.kind = TrackKind::kAudio;
  const double seconds =
      static_cast<double>(track.media_duration) / static_cast<double>(track.timescale);
  const double whole = seconds * static_cast<double>(movie_timescale);
  track.presented_duration =
      presented_duration(box, whole < 9e18 ? static_cast<uint64_t>(whole) : track.media_duration);
  const std::string_view table = find_path(box, "mdia/minf/stbl");
  TRY_VOID(read_description(table, track));
  TRY_VOID(read_sample_times(table, track));
  TRY_VOID(read_key_frames(table, track));
  return track;
}

Result<Movie> read_index(std::string_view index) {
  Movie movie;
  const auto timing = read_timing(find_box(index, "mvhd"));
  if (!timing) return corrupt("no movie header");
  movie.timescale = timing->timescale;
  while (const auto box = next_box(index)) {
    if (box->type != "trak") continue;
    if (movie.tracks.size() == kTracksMax) return corrupt("too many tracks");
    TRY(movie.tracks.emplace_back(), read_track(box->body, movie.timescale));
  }
  return movie;
}

}  // namespace

const Track* Movie::find(TrackKind kind) const {
  const auto found = std::ranges::find(tracks, kind, &Track::kind);
  return found == tracks.end() ? nullptr : &*found;
}

Result<Movie> read_movie(const ByteSource& source) {
  uint64_t offset = 0;
  bool data_seen = false;
  for (int boxes = 0; boxes < kTopBoxesMax && source.size_bytes - offset >= 8; ++boxes) {
    const uint64_t left = source.size_bytes - offset;
    TRY(const std::string head, source.read(offset, std::min<uint64_t>(16, left)));
    Reader in(head);
    uint64_t size = in.u32(), header = 8;
    const std::string_view type = in.text(4);
    if (size == 1) {
      size = in.number(8);
      header = 16;
    } else if (size == 0) {
      size = left;
    }
    if (in.failed() || size < header || size > left) return corrupt("a box that does not fit");
    if (boxes == 0 && type != "ftyp") return corrupt("it does not begin with a file type");
    data_seen = data_seen || type == "mdat";
    if (type == "moov") {
      if (size > kIndexBytesMax) return corrupt("an index that is too large");
      TRY(const std::string index, source.read(offset + header, size - header));
      TRY(Movie movie, read_index(index));
      movie.index_first = !data_seen;
      return movie;
    }
    offset += size;
  }
  return corrupt("no movie index");
}

Result<Movie> read_movie_file(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (file == nullptr || fseeko(file.get(), 0, SEEK_END) != 0) {
    return fail(ErrorCode::kUnavailable, fmt::format("{}: {}", path, std::strerror(errno)));
  }
  ByteSource source;
  source.size_bytes = static_cast<uint64_t>(ftello(file.get()));
  source.read = [&file, &path](uint64_t offset, size_t count) -> Result<std::string> {
    std::string bytes(count, '\0');
    if (fseeko(file.get(), static_cast<off_t>(offset), SEEK_SET) != 0 ||
        std::fread(bytes.data(), 1, count, file.get()) != count) {
      return fail(ErrorCode::kUnavailable, fmt::format("{}: cannot be read", path));
    }
    return bytes;
  };
  return read_movie(source);
}

Result<void> check_clip(const Movie& movie, const ClipExpectation& expected) {
  const auto differs = [](std::string_view what, auto is, auto wanted) {
    return fail(ErrorCode::kCorrupt,
                fmt::format("the encoded clip has {} {} instead of {}", what, is, wanted));
  };
  const auto count = [&](TrackKind kind) {
    return std::ranges::count(movie.tracks, kind, &Track::kind);
  };
  if (movie.tracks.size() != (expected.has_sound ? 2u : 1u)) {
    return differs("a number of tracks of", movie.tracks.size(), expected.has_sound ? 2 : 1);
  }
  if (count(TrackKind::kVideo) != 1) return differs("video tracks:", count(TrackKind::kVideo), 1);
  const Track& video = *movie.find(TrackKind::kVideo);
  if (video.codec != "avc1") return differs("the codec", video.codec, "avc1");
  if (video.width != expected.width) return differs("the width", video.width, expected.width);
  if (video.height != expected.height) return differs("the height", video.height, expected.height);
  const auto frames = static_cast<uint64_t>(expected.frame_count);
  if (video.sample_count != frames) return differs("frames:", video.sample_count, frames);
  const auto fps = static_cast<uint64_t>(expected.fps);
  if (uint64_t{video.sample_duration} * fps != video.timescale) {
    return differs("a frame duration of", video.sample_duration,
                   fmt::format("1/{} of {}", fps, video.timescale));
  }
  if (!movie.index_first) return differs("its index", "at the end", "the beginning");
  if (!expected.has_sound) return {};
  const Track* sound = movie.find(TrackKind::kAudio);
  if (sound == nullptr || sound->codec != "mp4a") return differs("a sound track of", "no", "AAC");
  if (sound->channels != 2) return differs("channels:", sound->channels, 2);
  if (sound->sample_rate != 48000) return differs("a sample rate of", sound->sample_rate, 48000);
  // To the tick of the movie's clock.
  const double length = static_cast<double>(sound->presented_duration) / movie.timescale;
  const double wanted = static_cast<double>(frames) / static_cast<double>(fps);
  if (length < wanted - 0.0015 || length > wanted + 0.0015) {
    return differs("seconds of sound:", length, wanted);
  }
  return {};
}

}  // namespace rushes::previz

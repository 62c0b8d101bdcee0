#include "previz/output.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>

#include "base/check.h"
#include "previz/media/movie.h"

namespace rushes::previz {
namespace {

constexpr const char* kVideo = "video.mp4";
constexpr const char* kMarked = "watermarked.mp4";
constexpr const char* kPoster = "poster.jpg";
constexpr const char* kResult = "result.json";
constexpr const char* kSound = "sound.f32";

std::unexpected<Error> file_error(const std::string& path, int reason) {
  return fail(
      reason == ENOSPC || reason == EDQUOT ? ErrorCode::kLimitExceeded : ErrorCode::kUnavailable,
      fmt::format("{}: {}", path, std::strerror(reason)));
}

Result<void> write_file(const std::string& path, std::span<const char> bytes) {
  FILE* file = std::fopen(path.c_str(), "wbe");
  if (file == nullptr) return file_error(path, errno);
  const bool wrote = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  const int reason = errno;
  if (std::fclose(file) != 0) return file_error(path, errno);
  if (!wrote) return file_error(path, reason);
  return {};
}

// Left and right in turn, as the encoder takes them.
Result<void> write_sound(const std::string& path, const Soundtrack& sound) {
  std::vector<float> samples(sound.left.size() * 2);
  for (size_t i = 0; i < sound.left.size(); ++i) {
    samples[2 * i] = sound.left[i];
    samples[2 * i + 1] = sound.right[i];
  }
  return write_file(
      path, {reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float)});
}

}  // namespace

std::string Output::part(const std::string& name) const {
  return fmt::format("{}/.{}.part", options_.directory, name);
}
std::string Output::place(const std::string& name) const {
  return fmt::format("{}/{}", options_.directory, name);
}

Result<std::unique_ptr<Output>> Output::open(const OutputOptions& options) {
  std::unique_ptr<Output> output(new Output(options));
  if (options.sound != nullptr) {
    output->parts_.push_back(output->part(kSound));
    TRY_VOID(write_sound(output->part(kSound), *options.sound));
  }
  TRY(output->plain_, output->start_encoder(kVideo));
  if (options.watermark) {
    output->mark_ = std::make_unique<Watermark>(options.width, options.height);
    TRY(output->marked_, output->start_encoder(kMarked));
  }
  return output;
}

Output::~Output() {
  // Encoders first: they hold their files open.
  plain_.reset();
  marked_.reset();
  for (const std::string& path : parts_) std::remove(path.c_str());
}

Result<std::unique_ptr<Encoder>> Output::start_encoder(const std::string& name) {
  parts_.push_back(part(name));
  return Encoder::start({.program = options_.encoder,
                         .path = part(name),
                         .width = options_.width,
                         .height = options_.height,
                         .fps = options_.fps,
                         .cuts = options_.cuts,
                         .comment = options_.comment,
                         .sound_path = options_.sound != nullptr ? part(kSound) : ""});
}

Result<void> Output::write(const Picture& picture) {
  RUSHES_CHECK(frames_written_ < options_.frame_count);
  convert_to_i420(picture.rgb, picture.width, picture.height, frame_);
  TRY_VOID(plain_->write(frame_));
  if (frames_written_ == options_.frame_count / 3) poster_ = frame_;
  ++frames_written_;
  if (marked_ == nullptr) return {};
  mark_->apply(frame_);
  return marked_->write(frame_);
}

Result<void> Output::check_video(const std::string& name) const {
  TRY(const Movie movie, read_movie_file(part(name)));
  return check_clip(movie, {.width = options_.width,
                            .height = options_.height,
                            .fps = options_.fps,
                            .frame_count = options_.frame_count,
                            .has_sound = options_.sound != nullptr});
}

Result<void> Output::publish(const std::string& name) {
  if (std::rename(part(name).c_str(), place(name).c_str()) != 0) {
    return file_error(place(name), errno);
  }
  return {};
}

Result<void> Output::finish(const JobResult& result) {
  RUSHES_CHECK(frames_written_ == options_.frame_count);
  TRY_VOID(plain_->finish());
  TRY_VOID(check_video(kVideo));
  if (marked_ != nullptr) {
    TRY_VOID(marked_->finish());
    TRY_VOID(check_video(kMarked));
  }
  parts_.push_back(part(kPoster));
  TRY_VOID(write_poster(options_.encoder, poster_, part(kPoster)));
  parts_.push_back(part(kResult));
  TRY_VOID(write_file(part(kResult), json::to_text(to_json(result)) + "\n"));
  // The result comes last: where it is, everything is.
  TRY_VOID(publish(kPoster));
  if (marked_ != nullptr) TRY_VOID(publish(kMarked));
  TRY_VOID(publish(kVideo));
  return publish(kResult);
}

}  // namespace rushes::previz

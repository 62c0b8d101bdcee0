#include "server/app/poster.h"

#include <fmt/format.h>
#include <unistd.h>

#include "edge/platform/files.h"
#include "previz/media/child.h"

namespace rushes::app {
namespace {

constexpr int kSideMax = 1280;  // as the built-in renderer's
constexpr std::chrono::seconds kPatience{10};

}  // namespace

bool write_poster(const std::string& video, const std::string& poster) {
  previz::ChildOptions options;
  options.command = {"ffmpeg",
                     "-hide_banner",
                     "-nostdin",
                     "-nostats",
                     "-loglevel",
                     "error",
                     "-y",
                     "-protocol_whitelist",
                     "file",
                     "-f",
                     "mov",
                     "-i",
                     video,
                     "-frames:v",
                     "1",
                     "-vf",
                     fmt::format("scale='min({0},iw)':'min({0},ih)':"
                                 "force_original_aspect_ratio=decrease:force_divisible_by=2",
                                 kSideMax),
                     "-q:v",
                     "3",
                     "-map_metadata",
                     "-1",
                     "-f",
                     "image2",
                     poster};
  options.patience = kPatience;
  if (!previz::run_program(std::move(options)) || !files::sync_file(poster)) {
    ::unlink(poster.c_str());
    return false;
  }
  return true;
}

}  // namespace rushes::app

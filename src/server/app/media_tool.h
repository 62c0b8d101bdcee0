// The engine's MediaTool over previz/media: our own parser for the index of a video, ffmpeg for its
// picture.
#pragma once

#include <memory>

#include "server/engine/media.h"

namespace rushes::app {

// Works on a thread of its own, one file after the other.
std::unique_ptr<engine::MediaTool> make_media_tool();

}  // namespace rushes::app

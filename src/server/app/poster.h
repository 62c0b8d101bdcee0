// Posters: the picture of a video that came from outside, by ffmpeg.
//
// ffmpeg is told what the file is instead of asked: a playlist, a concat script or a picture that
// calls itself a video could make it open other files and addresses. MP4 is what every model of the
// catalog answers with.
#pragma once

#include <string>

namespace rushes::app {

// Writes a JPEG of the first picture of `video` to `poster`. True: it is there, and durable. A
// missing ffmpeg or a codec that it does not know costs the poster, not the video. Blocks for as
// long as ten seconds.
bool write_poster(const std::string& video, const std::string& poster);

}  // namespace rushes::app

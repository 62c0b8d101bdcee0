// What comes from outside is measured and pictured if it is an MP4, and opens nothing if it is not.
#include "server/app/media_tool.h"

#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "edge/platform/blocking.h"
#include "previz/media/child.h"
#include "previz/media/scratch_directory.h"
#include "server/app/poster.h"

namespace rushes::app {
namespace {

// Knows whether anybody opened a file since it was made.
class Watch {
 public:
  explicit Watch(const std::string& path) : events_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    EXPECT_GE(::inotify_add_watch(events_, path.c_str(), IN_OPEN), 0);
  }
  ~Watch() { ::close(events_); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  bool was_opened() {
    char events[4096];
    return ::read(events_, events, sizeof events) > 0;
  }

 private:
  int events_;
};

class MediaToolTest : public ::testing::Test {
 protected:
  // ffmpeg's test picture at 24 frames a second, as whatever the file's name says.
  void make_video(const std::string& name, const std::string& codec, int frames = 24) {
    const auto made = previz::run_program(
        {.command = {"ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i",
                     "testsrc2=size=128x72:rate=24", "-frames:v", std::to_string(frames), "-c:v",
                     codec, "-pix_fmt", "yuv420p", scratch_.file(name)}});
    ASSERT_TRUE(made) << made.error().message;
  }
  std::string write(const std::string& name, const std::string& bytes) {
    std::ofstream(scratch_.file(name), std::ios::binary) << bytes;
    return scratch_.file(name);
  }
  std::string read(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
  }
  Result<engine::MediaFacts> examine(const std::string& path) {
    return run_to_end(make_media_tool()->examine(path, poster_));
  }

  const previz::ScratchDirectory scratch_;
  const std::string poster_ = scratch_.file("poster.jpg");
};

TEST_F(MediaToolTest, AStopRefusesWhatWaits) {
  make_video("result.mp4", "libx264");
  const auto tool = make_media_tool();
  tool->stop();
  tool->stop();
  const auto refused = run_to_end(tool->examine(scratch_.file("result.mp4"), poster_));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
}

TEST_F(MediaToolTest, AVideoIsMeasuredAndPictured) {
  make_video("result.mp4", "libx264");
  const auto facts = examine(scratch_.file("result.mp4"));
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->duration, Millis{1'000});
  EXPECT_TRUE(facts->has_poster);
  EXPECT_TRUE(read(poster_).starts_with("\xff\xd8\xff"));
}

TEST_F(MediaToolTest, ALengthBetweenMillisecondsIsCutAsTheVendorCutsIt) {
  make_video("result.mp4", "libx264", 121);
  const auto facts = examine(scratch_.file("result.mp4"));
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->duration, Millis{5'041}) << "121/24 s is 5041.67 ms";
}

TEST_F(MediaToolTest, WhatIsNoMp4IsRefusedAndOpensNothing) {
  make_video("other.mp4", "libx264");
  make_video("other.webm", "libvpx");
  const std::string other = scratch_.file("other.mp4");
  const std::pair<const char*, std::string> results[] = {
      {"a playlist",
       "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI=\"other.mp4\"\n"
       "#EXTINF:1.0,\nother.mp4\n#EXT-X-ENDLIST\n"},
      {"a playlist with an absolute name",
       "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\nfile://" + other + "\n#EXT-X-ENDLIST\n"},
      {"a list of playlists",
       "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n" + other + "\n#EXT-X-ENDLIST\n"},
      {"a concat script", "ffconcat version 1.0\nfile other.mp4\nduration 1\n"},
      {"a vector picture",
       "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><image href=\"" + other +
           "\" width=\"9\" height=\"9\"/></svg>"},
      {"a manifest", "<?xml version=\"1.0\"?><MPD><BaseURL>" + other + "</BaseURL></MPD>"},
      {"a page", "<!DOCTYPE html><video src=\"" + other + "\">"},
      {"another container", read(scratch_.file("other.webm"))},
      {"nothing", ""},
  };
  for (const auto& [name, bytes] : results) {
    SCOPED_TRACE(name);
    const std::string result = write("result.mp4", bytes);
    Watch watch(other);
    const auto facts = examine(result);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().code, ErrorCode::kCorrupt);
    EXPECT_FALSE(watch.was_opened());
    // Nor would ffmpeg, if our own parser had been deceived.
    EXPECT_FALSE(write_poster(result, poster_));
    EXPECT_FALSE(watch.was_opened());
    EXPECT_FALSE(std::filesystem::exists(poster_));
  }
  Watch watch(other);
  EXPECT_TRUE(write_poster(other, poster_));
  EXPECT_TRUE(watch.was_opened()) << "so the watch works";
}

}  // namespace
}  // namespace rushes::app

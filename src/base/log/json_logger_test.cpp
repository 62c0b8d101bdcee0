#include "base/log/json_logger.h"

#include <gtest/gtest.h>

#include <future>

#include "base/json/value.h"

namespace rushes::log {
namespace {

constexpr Timestamp kAt = from_unix_ms(1'769'862'896'789);

JsonLogger::Options options_into(std::string& text, Level level = Level::kInfo) {
  return {.level = level,
          .now = [] { return kAt; },
          .sink = [&text](std::string_view lines) { text += lines; }};
}

TEST(JsonLoggerTest, AnEntryIsOneLineOfJson) {
  std::string text;
  JsonLogger logger(options_into(text));
  logger.write(Level::kInfo, "request",
               {{"route", "/v1/\"x\""}, {"status", 200}, {"ms", 1.5}, {"hit", true}});
  logger.stop();
  EXPECT_EQ(text, R"({"time":"2026-01-31T12:34:56.789Z","level":"info","event":"request",)"
                  R"("route":"/v1/\"x\"","status":200,"ms":1.5,"hit":true})"
                  "\n");
}

TEST(JsonLoggerTest, LinesStayJsonWhateverTheyMention) {
  std::string text;
  JsonLogger logger(options_into(text));
  logger.write(Level::kWarn, "odd", {{"text", std::string_view("\xff\n\0", 3)}, {"cut", "a\nb"}});
  logger.stop();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_TRUE(json::parse(text)) << text;
}

TEST(JsonLoggerTest, LowerLevelsAreLeftOut) {
  std::string text;
  JsonLogger logger(options_into(text, Level::kWarn));
  EXPECT_FALSE(logger.is_enabled(Level::kInfo));
  logger.write(Level::kInfo, "quiet");
  logger.write(Level::kError, "loud");
  logger.stop();
  EXPECT_EQ(text.find("quiet"), std::string::npos);
  EXPECT_NE(text.find("loud"), std::string::npos);
}

TEST(JsonLoggerTest, AFullBufferDropsLinesAndCountsThem) {
  std::string text;
  auto options = options_into(text);
  options.buffer_bytes_max = 200;
  JsonLogger logger(options);
  for (int i = 0; i < 10; ++i) logger.write(Level::kInfo, "line");
  logger.stop();
  EXPECT_NE(text.find(R"("event":"log_dropped","count":7)"), std::string::npos) << text;
}

TEST(JsonLoggerTest, TheThreadWritesWithoutBeingAsked) {
  std::promise<void> written;
  JsonLogger logger({.level = Level::kInfo,
                     .now = [] { return kAt; },
                     .sink = [&](std::string_view) { written.set_value(); }});
  logger.start();
  logger.start();
  logger.write(Level::kInfo, "line");
  written.get_future().wait();
  logger.stop();
  logger.stop();
}

TEST(JsonLoggerTest, LevelWordsAreExact) {
  for (const Level level : {Level::kDebug, Level::kInfo, Level::kWarn, Level::kError}) {
    EXPECT_EQ(parse_level(to_string(level)), level);
  }
  EXPECT_FALSE(parse_level("INFO"));
}

}  // namespace
}  // namespace rushes::log

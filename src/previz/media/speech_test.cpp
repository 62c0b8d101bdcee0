#include "previz/media/speech.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace rushes::previz {
namespace {

std::string little(uint32_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

struct Header {
  uint32_t format = 1, channels = 1, rate = 24000, bits = 16;
};

std::string wav(const Header& header, const std::string& data, uint32_t claimed) {
  const std::string format = little(header.format, 2) + little(header.channels, 2) +
                             little(header.rate, 4) + little(header.rate * 2, 4) + little(2, 2) +
                             little(header.bits, 2);
  return "RIFF" + little(0xffffffff, 4) + "WAVEfmt " + little(16, 4) + format + "data" +
         little(claimed, 4) + data;
}

std::string constant(int16_t value, int count) {
  std::string data;
  for (int i = 0; i < count; ++i) data += little(static_cast<uint16_t>(value), 2);
  return data;
}

TEST(Wav, is_brought_to_48_kilohertz_at_its_own_level) {
  const auto samples = read_wav(wav({}, constant(16384, 2400), 4800));
  ASSERT_TRUE(samples.has_value()) << samples.error().message;
  EXPECT_EQ(samples->size(), 4800u);
  EXPECT_NEAR((*samples)[2000], 0.5f, 1e-3f);
}

TEST(Wav, of_a_stream_claims_more_than_follows) {
  const auto samples = read_wav(wav({.rate = 48000}, constant(-16384, 100), 0x7ffff000));
  ASSERT_TRUE(samples.has_value());
  EXPECT_EQ(samples->size(), 100u);
  EXPECT_FLOAT_EQ(samples->front(), -0.5f);
}

TEST(Wav, stereo_is_mixed_to_mono) {
  const auto samples = read_wav(wav({.channels = 2, .rate = 48000}, constant(8192, 100), 200));
  ASSERT_TRUE(samples.has_value());
  EXPECT_EQ(samples->size(), 50u);
  EXPECT_FLOAT_EQ(samples->front(), 0.25f);
}

TEST(Wav, anything_else_is_corrupt) {
  const std::string data = constant(1, 10);
  for (const std::string& bytes :
       {std::string(), std::string("RIFF"), wav({.format = 3}, data, 20),
        wav({.channels = 0}, data, 20), wav({.channels = 3}, data, 20), wav({.bits = 8}, data, 20),
        wav({.rate = 3999}, data, 20), wav({.rate = 192001}, data, 20),
        wav({}, data, 20).substr(0, 36)}) {
    const auto samples = read_wav(bytes);
    ASSERT_FALSE(samples.has_value());
    EXPECT_EQ(samples.error().code, ErrorCode::kCorrupt);
  }
}

TEST(Speech, says_a_line_in_english_and_in_chinese) {
  for (const char* text : {"Good morning", "早上好", "-v not-an-option"}) {
    const auto samples = speak({.text = text});
    if (!samples && samples.error().code == ErrorCode::kUnsupported) GTEST_SKIP() << "no espeak-ng";
    ASSERT_TRUE(samples.has_value()) << samples.error().message;
    EXPECT_GT(samples->size(), kSpeechRate / 4u);
    EXPECT_LT(samples->size(), kSpeechRate * 5u);
    EXPECT_GT(*std::ranges::max_element(*samples), 0.05f);
  }
}

TEST(Speech, voices_differ) {
  const auto one = speak({.text = "Hello", .voice = 1}), two = speak({.text = "Hello", .voice = 2});
  if (!one) GTEST_SKIP() << "no espeak-ng";
  ASSERT_TRUE(two.has_value());
  EXPECT_NE(*one, *two);
}

TEST(Speech, without_the_program_is_unsupported) {
  const auto samples = speak({.program = "rushes-no-speaker", .text = "Hello"});
  ASSERT_FALSE(samples.has_value());
  EXPECT_EQ(samples.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace rushes::previz

#include "previz/media/child.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rushes::previz {
namespace {

using ::testing::HasSubstr;

ChildOptions shell(const char* script, size_t output_bytes_max = 1 << 20) {
  return {.command = {"sh", "-c", script}, .output_bytes_max = output_bytes_max};
}

std::vector<uint8_t> many_bytes(size_t count) {
  std::vector<uint8_t> bytes(count);
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(i * 131 >> 3);
  return bytes;
}

TEST(Child, returns_what_the_program_wrote) {
  EXPECT_EQ(run_program(shell("printf hello")).value(), "hello");
}

TEST(Child, feeds_more_than_a_pipe_holds_to_a_program_that_answers_all_the_while) {
  const auto input = many_bytes(5 << 20);
  const auto output = run_program(shell("cat", input.size()), input);
  ASSERT_TRUE(output.has_value()) << output.error().message;
  EXPECT_TRUE(std::ranges::equal(*output, input, {}, [](char c) { return uint8_t(c); }));
}

TEST(Child, a_program_that_is_not_installed_is_unsupported_and_says_what_to_install) {
  const auto result = run_program({.command = {"rushes-no-such-program"}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(result.error().message, HasSubstr("install the package 'rushes-no-such-program'"));
}

TEST(Child, a_file_that_is_no_program_is_unsupported) {
  const auto result = run_program({.command = {"/dev/null"}});
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnsupported);
}

TEST(Child, a_failure_carries_the_exit_code_and_the_last_words) {
  const auto result = run_program(shell("echo the reason >&2; exit 3"));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(result.error().message, "'sh' ended with exit code 3: the reason");
}

TEST(Child, a_full_disk_is_a_limit_that_was_reached) {
  const auto result = run_program(shell("echo 'video.mp4: No space left on device' >&2; exit 1"));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kLimitExceeded);
}

TEST(Child, a_program_that_stops_reading_is_an_error_and_not_our_end) {
  const auto input = many_bytes(4 << 20);
  const auto result = run_program(shell("exec <&-; echo gone >&2; exit 1"), input);
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message, HasSubstr("exit code 1: gone"));
}

TEST(Child, a_program_that_is_killed_says_by_which_signal) {
  const auto result = run_program(shell("kill -SEGV $$"));
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message, HasSubstr("was ended by signal 11"));
}

TEST(Child, output_up_to_the_bound_is_kept_and_one_byte_more_is_refused) {
  EXPECT_EQ(run_program(shell("printf 12345", 5)).value(), "12345");
  const auto result = run_program(shell("printf 123456", 5));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kLimitExceeded);
}

TEST(Child, keeps_only_the_end_of_a_flood_of_error_text) {
  const auto result = run_program(
      shell("i=0; while [ $i -lt 9999 ]; do echo line $i >&2; i=$((i+1)); done; exit 1"));
  ASSERT_FALSE(result.has_value());
  EXPECT_LT(result.error().message.size(), 2200u);
  EXPECT_THAT(result.error().message, HasSubstr("line 9998"));
}

TEST(Child, a_program_that_hangs_is_killed_after_our_patience) {
  ChildOptions options = shell("exec sleep 600");
  options.patience = std::chrono::milliseconds(50);
  const auto result = run_program(std::move(options));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::kDeadlineExceeded);
}

TEST(Child, dropping_a_child_ends_the_program) {
  auto child = Child::start(shell("echo $$ >&2; exec sleep 600"));
  ASSERT_TRUE(child.has_value());
  child->reset();  // would hang for ten minutes if it waited instead
}

}  // namespace
}  // namespace rushes::previz

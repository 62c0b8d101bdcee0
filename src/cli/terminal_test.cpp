#include "cli/terminal.h"

#include <gtest/gtest.h>

namespace rushes::cli {
namespace {

TEST(Printable, LeavesWhatATerminalMayShow) {
  for (const char* text :
       {"", "A red fox in the snow", "Zoë, 狐, 🦊", "a\\b \"c\" <d>", "~ \u00a0"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ReplacesWhatWouldActOnATerminal) {
  const struct {
    std::string_view text, shown;
  } cases[] = {
      {"\x1b[31mred", "␛[31mred"},
      {"a\nb\r\tc\a", "a␊b␍␉c␇"},
      {std::string_view("\0x", 2), "␀x"},
      {"\x1f \x7e\x7f", "␟ ~␡"},
      {"\u0080\u009b2J\u009f\u00a0", "��2J�\u00a0"},   // C1, with the one-character CSI
      {"a\u202eb\u2066c\u200fd\u2028e", "a�b�c�d�e"},  // writing direction, line separator
      {"\xff\xc3(", "��("},                            // no UTF-8
  };
  for (const auto& [text, shown] : cases) EXPECT_EQ(printable(text), shown);
}

}  // namespace
}  // namespace rushes::cli

#include "cli/terminal.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/check.h"
#include "base/utf8.h"

namespace rushes::cli {
namespace {

constexpr int kBarWidth = 32;
constexpr char32_t kControlPictures = 0x2400, kDelete = 0x7f, kDeletePicture = 0x2421;
constexpr char32_t kReplacement = 0xfffd;

// Line and paragraph separators, and the controls of writing direction.
bool is_layout_control(char32_t c) {
  return c == 0x2028 || c == 0x2029 || c == 0x061c || c == 0x200e || c == 0x200f ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char32_t printable(char32_t c) {
  if (c < 0x20) return kControlPictures + c;
  if (c == kDelete) return kDeletePicture;
  if ((c > kDelete && c <= 0x9f) || is_layout_control(c)) return kReplacement;
  return c;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text).value_or(CodePoint{kReplacement, 1});
    append_utf8(out, printable(point.value));
    text.remove_prefix(point.size_bytes);
  }
  return out;
}

void ProgressBar::show(int percent, std::string_view label) {
  percent = std::clamp(percent, 0, 100);
  if (percent == last_percent_ && label == last_label_) return;
  if (::isatty(STDERR_FILENO)) {
    std::string bar;
    for (int i = 0; i < kBarWidth; ++i) bar += i * 100 < percent * kBarWidth ? "█" : "░";
    say(fmt::format("\r\x1b[K{} {:3} %  {}", bar, percent, label));
  } else if (label != last_label_ || percent / 10 != last_percent_ / 10) {
    say(fmt::format("{:3} %  {}\n", percent, label));
  }
  last_percent_ = percent;
  last_label_ = label;
}

void ProgressBar::finish() {
  if (last_percent_ >= 0 && ::isatty(STDERR_FILENO)) say("\n");
  last_percent_ = -1;
}

// Not by fmt::print, which throws where it cannot write.
void say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

void complain(std::string_view what) { say(fmt::format("rushes: {}\n", printable(what))); }

void print_table(const std::vector<std::vector<std::string>>& cells) {
  std::vector<std::vector<std::string>> rows = cells;
  for (auto& row : rows) {
    for (std::string& cell : row) cell = printable(cell);
  }
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], count_code_points(row[i]));
    }
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - count_code_points(row[i]) + 2, ' ');
    }
    fmt::print("{}\n", line);
  }
}

void print_field(std::string_view name, std::string_view value, int width) {
  fmt::print("{:<{}} {}\n", printable(name), width, printable(value));
}

Signals::Signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  RUSHES_CHECK(::pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  descriptor_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  RUSHES_CHECK(descriptor_ >= 0);
}

Signals::~Signals() { ::close(descriptor_); }

int Signals::wait(Millis at_most) {
  pollfd ready{descriptor_, POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(at_most.count())) <= 0) return 0;
  signalfd_siginfo info{};
  if (::read(descriptor_, &info, sizeof info) != sizeof info) return 0;
  return static_cast<int>(info.ssi_signo);
}

}  // namespace rushes::cli

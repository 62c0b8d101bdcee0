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

}  // namespace

void ProgressBar::show(int percent, std::string_view label) {
  percent = std::clamp(percent, 0, 100);
  if (percent == last_percent_ && label == last_label_) return;
  if (::isatty(STDERR_FILENO)) {
    std::string bar;
    for (int i = 0; i < kBarWidth; ++i) bar += i * 100 < percent * kBarWidth ? "█" : "░";
    fmt::print(stderr, "\r\x1b[K{} {:3} %  {}", bar, percent, label);
    std::fflush(stderr);
  } else if (label != last_label_ || percent / 10 != last_percent_ / 10) {
    fmt::print(stderr, "{:3} %  {}\n", percent, label);
  }
  last_percent_ = percent;
  last_label_ = label;
}

void ProgressBar::finish() {
  if (last_percent_ >= 0 && ::isatty(STDERR_FILENO)) fmt::print(stderr, "\n");
  last_percent_ = -1;
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
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

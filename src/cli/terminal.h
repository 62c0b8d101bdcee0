// What people see: a progress bar, aligned tables, and waiting that Ctrl-C ends.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace rushes::cli {

// A bar on standard error; where that is no terminal, one line for every tenth.
class ProgressBar {
 public:
  void show(int percent, std::string_view label);
  void finish();

 private:
  int last_percent_ = -1;
  std::string last_label_;
};

// Columns padded to their widest cell; the first row is the heading.
void print_table(const std::vector<std::vector<std::string>>& rows);

// SIGINT, SIGTERM and SIGHUP as values. One object a process, made before any thread starts, so
// that all threads inherit the blocked signals.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // The next signal, or 0 after `at_most`.
  int wait(Millis at_most);

 private:
  int descriptor_ = -1;
};

}  // namespace rushes::cli

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

// `text` as a terminal may show it: what others wrote must not move its cursor, ring its bell or
// break a line. Control characters become their pictures (ESC: U+241B); C1 controls, marks that
// reorder or end lines, and bytes that are no UTF-8 become U+FFFD. All that others wrote goes
// through it where people read it.
std::string printable(std::string_view text);

// To standard error, as far as that takes it: what is lost there changes no exit code.
void say(std::string_view text);

// Says "rushes: WHAT" as a line of its own, printable.
void complain(std::string_view what);

// Columns padded to their widest cell, all printable; the first row is the heading.
void print_table(const std::vector<std::vector<std::string>>& cells);

// "name    value", the name padded to `width`, both printable.
void print_field(std::string_view name, std::string_view value, int width);

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

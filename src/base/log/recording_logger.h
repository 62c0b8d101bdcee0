// A log that a test can read: every line as text, "warn task_overdue task=1 reason=…".
#pragma once

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "base/log/logger.h"

namespace rushes::log {

class RecordingLogger final : public Logger {
 public:
  using Logger::write;
  bool is_enabled(Level) const override { return true; }
  void write(Level level, std::string_view event, std::span<const Field> fields) override {
    std::ostringstream line;
    line << to_string(level) << " " << event;
    for (const Field& field : fields) {
      line << " " << field.key << "=";
      std::visit([&](const auto& value) { line << value; }, field.value);
    }
    lines.push_back(line.str());
  }

  // Those of one event.
  std::vector<std::string> lines_of(std::string_view event) const {
    std::vector<std::string> found;
    std::ranges::copy_if(lines, std::back_inserter(found), [&](const std::string& line) {
      return (line + " ").contains(" " + std::string(event) + " ");
    });
    return found;
  }

  std::vector<std::string> lines;
};

}  // namespace rushes::log

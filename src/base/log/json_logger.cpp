#include "base/log/json_logger.h"

#include <array>
#include <utility>

#include "base/json/writer.h"
#include "base/utf8.h"

namespace rushes::log {
namespace {

// Lines wait at most this long. Waking the thread for each would cost more than the line itself.
constexpr std::chrono::milliseconds kFlushInterval{100};

constexpr std::array<std::pair<Level, std::string_view>, 4> kWords{{{Level::kDebug, "debug"},
                                                                    {Level::kInfo, "info"},
                                                                    {Level::kWarn, "warn"},
                                                                    {Level::kError, "error"}}};

void write_value(json::Writer& out, std::string_view text) {
  // A log line is always valid JSON, whatever bytes a peer made us mention.
  if (is_valid_utf8(text)) {
    out.value(text);
  } else {
    out.value("(not UTF-8)");
  }
}
void write_value(json::Writer& out, int64_t number) { out.value(number); }
void write_value(json::Writer& out, double number) { out.value(number); }
void write_value(json::Writer& out, bool boolean) { out.value(boolean); }

}  // namespace

std::string_view to_string(Level level) {
  for (const auto& [candidate, word] : kWords) {
    if (candidate == level) return word;
  }
  return {};
}

std::optional<Level> parse_level(std::string_view word) {
  for (const auto& [level, candidate] : kWords) {
    if (candidate == word) return level;
  }
  return std::nullopt;
}

std::string format_line(Timestamp at, Level level, std::string_view event,
                        std::span<const Field> fields) {
  std::string line;
  line.reserve(256);
  json::Writer out(line);
  out.begin_object()
      .member("time", to_iso8601(at))
      .member("level", to_string(level))
      .member("event", event);
  for (const Field& field : fields) {
    out.key(field.key);
    std::visit([&](const auto& value) { write_value(out, value); }, field.value);
  }
  out.end_object();
  return line;
}

JsonLogger::JsonLogger(Options options) : options_(std::move(options)) {}

JsonLogger::~JsonLogger() { stop(); }

void JsonLogger::start() {
  if (thread_.joinable()) return;
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void JsonLogger::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  flush();
}

void JsonLogger::write(Level level, std::string_view event, std::span<const Field> fields) {
  if (!is_enabled(level)) return;
  const std::string line = format_line(options_.now(), level, event, fields);
  const std::lock_guard lock(mutex_);
  if (buffer_.size() + line.size() + 1 > options_.buffer_bytes_max) {
    ++dropped_;
    return;
  }
  buffer_.append(line).append("\n");
}

void JsonLogger::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, kFlushInterval, [this] { return stopping_; })) return;
    }
    flush();
  }
}

void JsonLogger::flush() {
  std::string lines;
  int64_t dropped = 0;
  {
    const std::lock_guard lock(mutex_);
    lines.swap(buffer_);
    dropped = std::exchange(dropped_, 0);
  }
  if (dropped > 0) {
    const std::array fields{Field("count", dropped)};
    lines += format_line(options_.now(), Level::kWarn, "log_dropped", fields) + "\n";
  }
  if (!lines.empty()) options_.sink(lines);
}

}  // namespace rushes::log

// JsonLogger: one JSON line an entry, written in batches by a thread of its own.
//
// The buffer is bounded: when the destination stalls, lines are dropped and later counted in a line
// of their own ("log_dropped"), and the server goes on. A kill loses at most the last tenth of a
// second. start() and stop() from the owner's thread, both idempotent; write() from any.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "base/log/logger.h"
#include "base/time.h"

namespace rushes::log {

// `text` as a line of JSON, without the line feed.
std::string format_line(Timestamp at, Level level, std::string_view event,
                        std::span<const Field> fields);

class JsonLogger final : public Logger {
 public:
  struct Options {
    Level level = Level::kInfo;
    size_t buffer_bytes_max = 4 * 1024 * 1024;
    std::function<Timestamp()> now;
    // Takes whole lines; may block; called from the logger's thread, and from stop().
    std::function<void(std::string_view lines)> sink;
  };
  explicit JsonLogger(Options options);
  ~JsonLogger() override;

  void start();
  // Writes what is left, then joins. Later lines are written by the next stop().
  void stop();

  using Logger::write;
  bool is_enabled(Level level) const override { return level >= options_.level; }
  void write(Level level, std::string_view event, std::span<const Field> fields) override;

 private:
  void run();
  void flush();

  const Options options_;
  std::mutex mutex_;  // guards the members below
  std::condition_variable wake_;
  std::string buffer_;
  int64_t dropped_ = 0;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace rushes::log

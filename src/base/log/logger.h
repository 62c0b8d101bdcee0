// Logger: structured lines for the operator, injected wherever something is worth saying.
//
//   logger.write(Level::kInfo, "request", {{"route", route}, {"status", 200}});
//
// gives
// {"time":"2026-01-31T12:34:56.789Z","level":"info","event":"request","route":"…","status":200}.
// Never a secret, never a prompt. Implementations are thread-safe and do not block on the disk.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace rushes::log {

enum class Level { kDebug, kInfo, kWarn, kError };
std::string_view to_string(Level level);
std::optional<Level> parse_level(std::string_view word);

struct Field {
  std::string_view key;
  std::variant<std::string_view, int64_t, double, bool> value;

  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  Field(std::string_view name, int number) : key(name), value(int64_t{number}) {}
  Field(std::string_view name, int64_t number) : key(name), value(number) {}
  Field(std::string_view name, double number) : key(name), value(number) {}
  Field(std::string_view name, bool boolean) : key(name), value(boolean) {}
};

class Logger {
 public:
  virtual ~Logger() = default;
  // False: write() would drop this level, so its fields need not be gathered.
  virtual bool is_enabled(Level level) const = 0;
  virtual void write(Level level, std::string_view event, std::span<const Field> fields) = 0;

  void write(Level level, std::string_view event, std::initializer_list<Field> fields = {}) {
    write(level, event, std::span<const Field>(fields.begin(), fields.size()));
  }
};

}  // namespace rushes::log

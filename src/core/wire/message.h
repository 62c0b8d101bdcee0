// HTTP as values: what a request and a response are, apart from any socket. Dialects and the API
// are written against these, and the server and the client translate them to bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rushes::wire {

// In the order of the wire; names compare without regard to case.
class Headers {
 public:
  void add(std::string name, std::string value) {
    if (fields_.empty()) fields_.reserve(kUsualCount);
    fields_.emplace_back(std::move(name), std::move(value));
  }
  // Replaces every field of that name.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  // The first field of that name.
  const std::string* find(std::string_view name) const;
  size_t count(std::string_view name) const;
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  size_t size() const { return fields_.size(); }

 private:
  static constexpr size_t kUsualCount = 8;

  std::vector<std::pair<std::string, std::string>> fields_;
};

bool equal_ignoring_case(std::string_view a, std::string_view b);

struct Request {
  std::string method;  // upper-case token, "GET"
  std::string target;  // origin form as sent: "/v1/videos?pageNum=1"
  Headers headers;
  std::string body;
  std::string peer;  // address of the other side, for the log only
  bool secure = false;

  std::string_view path() const;   // target up to '?', still encoded
  std::string_view query() const;  // after '?', still encoded; may be empty
};

// A response whose body is text, or (part of) a file that the server streams.
struct FileBody {
  std::string path;
  uint64_t offset = 0;
  uint64_t size_bytes = 0;
};

struct Response {
  int status = 200;
  Headers headers;  // without Content-Length, Date, Connection: the server adds these
  std::string body;
  std::optional<FileBody> file;  // used instead of `body`
};

// The standard phrase: "Not Found". Unknown codes answer "Unknown".
std::string_view reason_phrase(int status);

}  // namespace rushes::wire

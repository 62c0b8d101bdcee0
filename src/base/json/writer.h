// Appends JSON text to a string; commas and escapes are its own business.
//
//   json::Writer out(body);
//   out.begin_object().key("code").value(0).key("data").begin_array().end_array().end_object();
//
// The caller owns the string and keeps begin/end balanced.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rushes::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }

  Writer& key(std::string_view name);
  Writer& value(std::string_view text);  // must be valid UTF-8
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(bool boolean);
  Writer& value(int64_t number);
  Writer& value(int number) { return value(int64_t{number}); }
  Writer& value(double number);  // not finite: null
  Writer& null();
  // `json` is already JSON text.
  Writer& raw(std::string_view json);

  template <class T>
  Writer& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }

 private:
  Writer& open(char bracket);
  Writer& close(char bracket);
  void separate();

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace rushes::json

#include "edge/http/response_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace rushes::http {

namespace {

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return c > 0x20 && c < 0x7f && !std::string_view("\"(),/:;<=>?@[\\]{}").contains(c);
  });
}

bool is_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 ? byte != 0x7f : c == '\t';
  });
}

bool is_ours(std::string_view name) {
  for (const char* own : {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Server"}) {
    if (wire::equal_ignoring_case(name, own)) return true;
  }
  return false;
}

}  // namespace

bool may_have_body(int status) { return status != 204 && status != 304; }

bool append_head(std::string& out, const wire::Response& response, const HeadOptions& options) {
  if (response.status < 200 || response.status > 599) return false;
  const size_t before = out.size();
  const auto to = std::back_inserter(out);
  fmt::format_to(to, "HTTP/1.1 {} {}\r\nServer: rushes\r\nDate: {}\r\n", response.status,
                 wire::reason_phrase(response.status), options.date);
  for (const auto& [name, value] : response.headers) {
    if (is_ours(name)) continue;
    if (!is_name(name) || !is_value(value)) {
      out.resize(before);
      return false;
    }
    out.append(name).append(": ").append(value).append("\r\n");
  }
  if (may_have_body(response.status)) {
    fmt::format_to(to, "Content-Length: {}\r\n",
                   response.file ? response.file->size_bytes : response.body.size());
  }
  if (options.keep == Keep::kClose) {
    out.append("Connection: close\r\n");
  } else if (options.is_http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  return true;
}

std::string http_date(Timestamp at) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<Seconds>(at) - day);
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
      time.seconds().count());
}

}  // namespace rushes::http

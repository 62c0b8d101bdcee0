#include "edge/http/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <optional>
#include <string>

#include "base/check.h"
#include "core/wire/url.h"
#include "edge/http/chunked_decoder.h"

namespace rushes::http {

namespace {

namespace beast = boost::beast;
using BeastError = beast::http::error;

constexpr size_t kFieldCountMax = 100;
constexpr size_t kReserveBytesMax = 64 * 1024;
// Collects the header as Beast reads it. Bodies never get here: see chunked_decoder.h.
class Reader final : public beast::http::basic_parser<true> {
 public:
  explicit Reader(wire::Request& request) : request_(request) {
    header_limit(UINT32_MAX);  // the header is complete, and measured, before Beast sees it
  }
  bool is_http_1_0() const { return is_http_1_0_; }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                       int version, beast::error_code&) override {
    is_http_1_0_ = version == 10;
    request_.method.assign(method.data(), method.size());
    request_.target.assign(target.data(), target.size());
  }

  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                     beast::error_code& error) override {
    if (request_.headers.size() == kFieldCountMax) {
      error = BeastError::header_limit;
      return;
    }
    request_.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }

  void on_header_impl(beast::error_code&) override {}
  void on_finish_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<uint64_t>&, beast::error_code&) override {}
  size_t on_body_impl(beast::string_view, beast::error_code&) override { return 0; }
  void on_chunk_header_impl(uint64_t, beast::string_view, beast::error_code&) override {}
  size_t on_chunk_body_impl(uint64_t, beast::string_view, beast::error_code&) override { return 0; }
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}

  wire::Request& request_;
  bool is_http_1_0_ = false;
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_visible_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || is_upper(c) || is_lower(c) || std::string_view("-._~:[]").contains(c);
  });
}

// A request line that is well-formed but speaks another version deserves 505, anything else 400.
int bad_version_status(std::string_view header) {
  const std::string_view line = header.substr(0, header.find('\r'));
  constexpr std::string_view kName = " HTTP/";
  const size_t at = line.rfind(' ');
  if (std::ranges::count(line, ' ') != 2 || !line.substr(at).starts_with(kName)) return 400;
  const std::string_view version = line.substr(at + kName.size());
  return version.size() == 3 && is_digit(version[0]) && version[1] == '.' && is_digit(version[2])
             ? 505
             : 400;
}

int error_status(const beast::error_code& error) {
  if (error == BeastError::body_limit) return 413;
  if (error == BeastError::header_limit) return 431;
  return 400;
}

// Each check answers 0 or the status that refuses the request.

int check_host(const wire::Headers& headers, bool is_http_1_0) {
  const size_t count = headers.count("Host");
  if (count == 0) return is_http_1_0 ? 0 : 400;
  return count == 1 && is_host(*headers.find("Host")) ? 0 : 400;
}

int check_framing(const wire::Headers& headers, bool is_http_1_0) {
  const size_t encodings = headers.count("Transfer-Encoding");
  const size_t lengths = headers.count("Content-Length");
  if (encodings > 1 || lengths > 1 || (encodings == 1 && lengths == 1)) return 400;
  if (encodings == 1) {
    if (is_http_1_0) return 400;  // RFC 9112 section 6.1: its framing cannot be trusted
    return wire::equal_ignoring_case(*headers.find("Transfer-Encoding"), "chunked") ? 0 : 501;
  }
  return lengths == 0 || std::ranges::all_of(*headers.find("Content-Length"), is_digit) ? 0 : 400;
}

// Methods are case-sensitive and all that exist are upper case; tunnels are for proxies.
int check_method(std::string_view method) {
  const bool usual =
      std::ranges::all_of(method, [](char c) { return is_upper(c) || c == '-' || c == '_'; });
  return usual && method != "CONNECT" ? 0 : 501;
}

// Brings the target to origin form. In absolute form the target names the host, whatever the Host
// field says (RFC 9112 section 3.2.2).
int normalise_target(wire::Request& request) {
  std::string& target = request.target;
  if (!is_visible_ascii(target) || target.contains('#')) return 400;
  if (target.starts_with('/')) return 0;
  if (target == "*") return request.method == "OPTIONS" ? 0 : 400;
  auto url = wire::parse_url(target);
  if (!url || url->has_userinfo) return 400;
  const size_t authority = target.find("://") + 3;
  const size_t end = std::min(target.find_first_of("/?", authority), target.size());
  request.headers.set("Host", target.substr(authority, end - authority));
  target = std::move(url->target);
  return 0;
}

}  // namespace

class RequestParser::Machine {
 public:
  Machine(size_t header_bytes_max, size_t body_bytes_max)
      : header_bytes_max_(header_bytes_max), body_bytes_max_(body_bytes_max) {
    reset();
  }

  void reset() {
    request_ = {};
    reader_.emplace(request_);
    reader_->body_limit(body_bytes_max_);
    chunks_.reset();
    line_begin_ = scanned_ = 0;
    length_ = 0;
    status_ = 0;
    begun_ = false;
  }

  Step parse(std::string_view bytes) {
    RUSHES_CHECK(status_ == 0);
    size_t skipped = 0;
    if (!begun_) {
      // RFC 9112 section 2.2: empty lines before the request line are ignored.
      while (bytes.substr(skipped).starts_with("\r\n")) skipped += 2;
      bytes.remove_prefix(skipped);
      begun_ = !bytes.empty() && bytes != "\r";
      if (!begun_) return {Progress::kNeedMore, skipped};
    }
    Step step = reader_->is_header_done() ? parse_body(bytes) : parse_header(bytes);
    step.consumed_bytes += skipped;
    return step;
  }

  bool begun() const { return begun_; }
  int status() const { return status_; }
  const Reader& reader() const { return *reader_; }
  const wire::Request& request() const { return request_; }
  wire::Request take() { return std::move(request_); }

 private:
  Step refuse(int status) {
    status_ = status;
    return {Progress::kRefused, 0};
  }

  Step parse_header(std::string_view bytes) {
    // Tells a client that speaks TLS, say, at once instead of waiting for its first line to end.
    if (!is_visible_ascii(bytes.substr(0, 1))) return refuse(400);
    const auto size_bytes = find_header_end(bytes);
    if (status_ != 0) return {Progress::kRefused, 0};
    if (!size_bytes) return {Progress::kNeedMore, 0};
    const std::string_view header = bytes.substr(0, *size_bytes);
    beast::error_code error;
    const size_t used = reader_->put(boost::asio::buffer(header.data(), header.size()), error);
    if (error == BeastError::bad_version) return refuse(bad_version_status(header));
    if (error) return refuse(error_status(error));  // `need_more` too: there is no more
    RUSHES_CHECK(reader_->is_header_done());
    if (used != header.size()) return refuse(400);
    if (const int status = check_header()) return refuse(status);
    if (reader_->chunked()) {
      chunks_.emplace(header_bytes_max_, body_bytes_max_);
      return {Progress::kBodyFollows, used};
    }
    length_ = reader_->content_length().value_or(0);
    request_.body.reserve(std::min<uint64_t>(length_, kReserveBytesMax));
    return {length_ == 0 ? Progress::kComplete : Progress::kBodyFollows, used};
  }

  // The size of the header with its empty line, once it is there. Looks at each line once however
  // the bytes trickle in. Sets the status for a line that only lenient parsers accept.
  std::optional<size_t> find_header_end(std::string_view bytes) {
    for (;;) {
      const size_t end = bytes.find('\n', scanned_);
      if (end == std::string_view::npos) {
        scanned_ = bytes.size();
        if (bytes.size() >= header_bytes_max_) refuse_header(bytes);
        return std::nullopt;
      }
      const std::string_view line = bytes.substr(line_begin_, end - line_begin_);
      const bool is_folded = line_begin_ > 0 && (line.starts_with(' ') || line.starts_with('\t'));
      if (end >= header_bytes_max_) {
        refuse_header(bytes);
      } else if (is_folded || line.empty() || line.find('\r') != line.size() - 1) {
        status_ = 400;  // a continued line, a bare LF, a bare CR
      }
      if (status_ != 0) return std::nullopt;
      scanned_ = line_begin_ = end + 1;
      if (line == "\r") return scanned_;
    }
  }

  // Too long. Who answers wants to know at least what was asked for.
  void refuse_header(std::string_view bytes) {
    status_ = 431;
    const std::string_view line = bytes.substr(0, bytes.find('\r'));
    const size_t begin = line.find(' ') + 1;  // 0 where there is none
    const size_t end = line.find(' ', begin);
    if (begin > 0 && end != std::string_view::npos) {
      request_.target = line.substr(begin, end - begin);
    }
  }

  int check_header() {
    const bool is_http_1_0 = reader_->is_http_1_0();
    if (const int status = check_framing(request_.headers, is_http_1_0)) return status;
    if (const int status = check_host(request_.headers, is_http_1_0)) return status;
    if (const int status = check_method(request_.method)) return status;
    return normalise_target(request_);
  }

  Step parse_body(std::string_view bytes) {
    if (!chunks_) {
      const size_t count = std::min<uint64_t>(bytes.size(), length_ - request_.body.size());
      request_.body += bytes.substr(0, count);
      const bool is_whole = request_.body.size() == length_;
      return {is_whole ? Progress::kComplete : Progress::kNeedMore, count};
    }
    const auto [progress, consumed] = chunks_->decode(bytes, request_.body);
    switch (progress) {
      case ChunkedDecoder::Progress::kNeedMore: return {Progress::kNeedMore, consumed};
      case ChunkedDecoder::Progress::kComplete: return {Progress::kComplete, consumed};
      case ChunkedDecoder::Progress::kMalformed: return refuse(400);
      case ChunkedDecoder::Progress::kBodyTooLarge: return refuse(413);
      case ChunkedDecoder::Progress::kLineTooLong: return refuse(431);
    }
    return refuse(400);
  }

  const size_t header_bytes_max_, body_bytes_max_;
  wire::Request request_;
  std::optional<Reader> reader_;
  std::optional<ChunkedDecoder> chunks_;  // while a chunked body is read
  uint64_t length_ = 0;                   // of a body that is not chunked
  size_t line_begin_ = 0;                 // of the header line being looked for
  size_t scanned_ = 0;                    // bytes of the header known to hold no further line end
  int status_ = 0;
  bool begun_ = false;
};

RequestParser::RequestParser(size_t header_bytes_max, size_t body_bytes_max)
    : machine_(std::make_unique<Machine>(header_bytes_max, body_bytes_max)) {}
RequestParser::~RequestParser() = default;

RequestParser::Step RequestParser::parse(std::string_view bytes) { return machine_->parse(bytes); }
bool RequestParser::has_begun() const { return machine_->begun(); }
int RequestParser::refusal_status() const { return machine_->status(); }
bool RequestParser::keep_alive() const { return machine_->reader().keep_alive(); }
bool RequestParser::is_http_1_0() const { return machine_->reader().is_http_1_0(); }
std::string_view RequestParser::refused_target() const { return machine_->request().target; }
wire::Request RequestParser::take_request() { return machine_->take(); }
void RequestParser::reset() { machine_->reset(); }

bool RequestParser::expects_continue() const {
  const std::string* expect = machine_->request().headers.find("Expect");
  return expect && !is_http_1_0() && wire::equal_ignoring_case(*expect, "100-continue");
}

}  // namespace rushes::http

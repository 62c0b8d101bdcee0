#include "edge/http/chunked_decoder.h"

#include <algorithm>
#include <charconv>

#include "core/wire/message.h"

namespace rushes::http {

namespace {

using Progress = ChunkedDecoder::Progress;

// How many bytes a client may spend on the lines of chunks for each byte of body, beside one line's
// worth in all. One-byte chunks cost 5.
constexpr size_t kOverheadFactor = 8;

constexpr bool is_token_char(char c) {
  return c > 0x20 && c < 0x7f && !std::string_view("\"(),/:;<=>?@[\\]{}").contains(c);
}

constexpr bool is_text(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

// The bytes of the token at the start of `text`.
size_t token_size(std::string_view text) {
  return static_cast<size_t>(std::ranges::find_if_not(text, is_token_char) - text.begin());
}

// The bytes of the quoted string at the start of `text`; 0 if it is none.
size_t quoted_size(std::string_view text) {
  if (!text.starts_with('"')) return 0;
  for (size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1;
    if (text[at] == '\\') ++at;
    if (at == text.size() || !is_text(text[at])) return 0;
  }
  return 0;
}

// *( ";" name [ "=" value ] )
bool is_extension(std::string_view text) {
  while (!text.empty()) {
    if (text[0] != ';') return false;
    text.remove_prefix(1);
    const size_t name = token_size(text);
    if (name == 0) return false;
    text.remove_prefix(name);
    if (!text.starts_with('=')) continue;
    text.remove_prefix(1);
    const size_t value = std::max(token_size(text), quoted_size(text));
    if (value == 0) return false;
    text.remove_prefix(value);
  }
  return true;
}

// A field that would have framed or routed the message in its header has no place behind it.
bool is_trailer(std::string_view line) {
  const size_t name_size = token_size(line);
  if (name_size == 0 || !line.substr(name_size).starts_with(':')) return false;
  const std::string_view name = line.substr(0, name_size);
  for (const char* forbidden : {"Transfer-Encoding", "Content-Length", "Host"}) {
    if (wire::equal_ignoring_case(name, forbidden)) return false;
  }
  return std::ranges::all_of(line.substr(name_size), is_text);
}

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::decode(std::string_view bytes, std::string& body) {
  size_t consumed = 0;
  for (;;) {
    const std::string_view rest = bytes.substr(consumed);
    if (expecting_ == Expecting::kData) {
      consumed += take_data(rest, body);
      if (chunk_rest_bytes_ > 0) return {Progress::kNeedMore, consumed};
      expecting_ = Expecting::kDataEnd;
      continue;
    }
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
      const bool too_long = rest.size() >= line_bytes_max_;
      return {too_long ? Progress::kLineTooLong : Progress::kNeedMore, consumed};
    }
    if (end >= line_bytes_max_) return {Progress::kLineTooLong, consumed};
    if (end == 0 || rest[end - 1] != '\r') return {Progress::kMalformed, consumed};
    consumed += end + 1;
    overhead_bytes_ += end + 1;
    const Progress progress = take_line(rest.substr(0, end - 1));
    if (progress != Progress::kNeedMore) return {progress, consumed};
    if (overhead_bytes_ > line_bytes_max_ + kOverheadFactor * body_bytes_) {
      return {Progress::kMalformed, consumed};
    }
  }
}

// `line` is without its CRLF. kNeedMore: go on.
Progress ChunkedDecoder::take_line(std::string_view line) {
  switch (expecting_) {
    case Expecting::kSize: return take_size(line);
    case Expecting::kDataEnd:
      expecting_ = Expecting::kSize;
      return line.empty() ? Progress::kNeedMore : Progress::kMalformed;
    case Expecting::kTrailer:
      if (line.empty()) return Progress::kComplete;
      return is_trailer(line) ? Progress::kNeedMore : Progress::kMalformed;
    case Expecting::kData: break;
  }
  return Progress::kMalformed;
}

Progress ChunkedDecoder::take_size(std::string_view line) {
  const char* const last = line.data() + line.size();
  const auto [end, error] = std::from_chars(line.data(), last, chunk_rest_bytes_, 16);
  // A sign is refused by from_chars for an unsigned number; too large a number is malformed too.
  if (error != std::errc{} || !is_extension({end, last})) return Progress::kMalformed;
  if (chunk_rest_bytes_ > body_bytes_max_ - body_bytes_) return Progress::kBodyTooLarge;
  body_bytes_ += chunk_rest_bytes_;
  expecting_ = chunk_rest_bytes_ == 0 ? Expecting::kTrailer : Expecting::kData;
  return Progress::kNeedMore;
}

size_t ChunkedDecoder::take_data(std::string_view bytes, std::string& body) {
  const size_t count = std::min<uint64_t>(bytes.size(), chunk_rest_bytes_);
  body.append(bytes.substr(0, count));
  chunk_rest_bytes_ -= count;
  return count;
}

}  // namespace rushes::http

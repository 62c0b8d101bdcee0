#include "core/wire/url.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"
#include "core/wire/message.h"

namespace rushes::wire {

namespace {

constexpr size_t kUrlBytesMax = 8192;
constexpr size_t kQueryPairsMax = 100;
constexpr size_t kHostBytesMax = 253;  // RFC 1035, without the root's dot
constexpr size_t kLabelBytesMax = 63;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return out;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

// One number of a dotted quad: 0 to 255 without leading zeros, which some resolvers read as octal.
bool is_ipv4_number(std::string_view text) {
  if (!all_digits(text) || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return false;
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value <= 255;
}

bool is_ipv4(std::string_view text) {
  int count = 0;
  for (;; ++count) {
    const size_t dot = text.find('.');
    if (!is_ipv4_number(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return count == 3;
    text.remove_prefix(dot + 1);
  }
}

// Groups of an IPv6 address on one side of "::", counted; nothing if malformed.
std::optional<int> count_ipv6_groups(std::string_view text, bool may_end_in_ipv4) {
  if (text.empty()) return 0;
  int count = 0;
  for (;;) {
    const size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && may_end_in_ipv4 && is_ipv4(group)) return count + 2;
    if (group.empty() || group.size() > 4) return std::nullopt;
    if (!std::ranges::all_of(group, [](char c) { return hex_value(c) >= 0; })) return std::nullopt;
    ++count;
    if (colon == std::string_view::npos) return count;
    text.remove_prefix(colon + 1);
  }
}

// RFC 4291 section 2.2; without a zone.
bool is_ipv6(std::string_view text) {
  const size_t gap = text.find("::");
  if (gap == std::string_view::npos) return count_ipv6_groups(text, true) == 8;
  const auto before = count_ipv6_groups(text.substr(0, gap), false);
  const auto after = count_ipv6_groups(text.substr(gap + 2), true);
  return before && after && *before + *after <= 7;
}

// A name of letters, digits, '-' and '_' in labels. A name whose last label looks like a number
// must be a plain dotted quad: "127.1", "0x7f.1" and "2130706433" mean an address to some resolvers
// only.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > kHostBytesMax) return false;
  std::string_view rest = host, label;
  for (;;) {
    const size_t dot = rest.find('.');
    label = rest.substr(0, dot);
    if (label.empty() || label.size() > kLabelBytesMax) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    if (!std::ranges::all_of(
            label, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; })) {
      return false;
    }
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  const bool looks_numeric =
      all_digits(label) || label.starts_with("0x") || label.starts_with("0X");
  return !looks_numeric || is_ipv4(host);
}

std::unexpected<Error> refuse(std::string_view why) {
  return fail_user(ErrorCode::kInvalidInput, "not a valid URL: " + std::string(why));
}

// Visible ASCII that RFC 3986 allows after the authority, with well-formed escapes.
bool is_target(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c <= 0x20 || c >= 0x7f || std::string_view("\"<>\\^`{|}#").contains(c)) return false;
    if (c != '%') continue;
    if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
      return false;
  }
  return true;
}

Result<void> parse_authority(std::string_view authority, Url& url) {
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    url.has_userinfo = true;
    if (!is_target(authority.substr(0, at)) || authority.substr(0, at).contains('@')) {
      return refuse("the part before '@' is malformed");
    }
    authority.remove_prefix(at + 1);
  }
  std::string_view host, port;
  bool has_port = false;
  if (authority.starts_with('[')) {
    const size_t end = authority.find(']');
    if (end == std::string_view::npos) return refuse("']' is missing after the IPv6 address");
    host = authority.substr(1, end - 1);
    if (!is_ipv6(host)) return refuse("the IPv6 address is malformed");
    port = authority.substr(end + 1);
    has_port = !port.empty();
    if (has_port && port.front() != ':') return refuse("only a port may follow the host");
    if (has_port) port.remove_prefix(1);
  } else {
    const size_t colon = authority.find(':');
    host = authority.substr(0, colon);
    has_port = colon != std::string_view::npos;
    if (has_port) port = authority.substr(colon + 1);
    if (host.empty()) return refuse("the host is missing");
    if (!is_host_name(host)) return refuse("the host is malformed");
  }
  url.host = to_lower(host);
  if (has_port) {
    unsigned value = 0;
    if (!all_digits(port) || port.size() > 5) return refuse("the port must be 1 to 65535");
    std::from_chars(port.data(), port.data() + port.size(), value);
    if (value < 1 || value > 65535) return refuse("the port must be 1 to 65535");
    url.port = static_cast<uint16_t>(value);
  }
  return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kUrlBytesMax) return refuse("it is longer than 8192 bytes");
  Url url;
  const size_t colon = text.find("://");
  if (colon == std::string_view::npos) return refuse("it must begin with http:// or https://");
  url.scheme = to_lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https")
    return refuse("only http and https are allowed");
  url.port = url.scheme == "https" ? 443 : 80;
  text.remove_prefix(colon + 3);

  const size_t end = text.find_first_of("/?#");
  TRY_VOID(parse_authority(text.substr(0, end), url));
  const std::string_view target = end == std::string_view::npos ? "" : text.substr(end);
  if (target.contains('#')) return refuse("it must not have a fragment ('#')");
  if (!is_target(target)) return refuse("it has a character or an escape that is not allowed");
  if (!target.starts_with('/')) url.target = "/";
  url.target += target;
  return url;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  if (!is_valid_utf8(out)) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      const auto byte = static_cast<uint8_t>(c);
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(
    std::string_view query) {
  const auto decode = [](std::string_view part) {
    std::string spaced(part);
    std::ranges::replace(spaced, '+', ' ');
    return percent_decode(spaced);
  };
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const size_t end = query.find('&');
    const std::string_view piece = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (piece.empty()) continue;  // "a=1&&b=2" and a trailing '&' are common and harmless
    const size_t equals = piece.find('=');
    auto name = decode(piece.substr(0, equals));
    auto value = decode(equals == std::string_view::npos ? "" : piece.substr(equals + 1));
    if (!name || name->empty() || !value || pairs.size() == kQueryPairsMax) return std::nullopt;
    pairs.emplace_back(std::move(*name), std::move(*value));
  }
  return pairs;
}

std::optional<std::vector<std::string>> split_path(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  std::vector<std::string> segments;
  if (path == "/") return segments;
  for (;;) {
    path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    auto segment = percent_decode(path.substr(0, end));
    if (!segment || *segment == "." || *segment == "..") return std::nullopt;
    segments.push_back(std::move(*segment));
    path.remove_prefix(end);
    if (path.empty()) return segments;
  }
}

ByteRange parse_range(std::string_view header, uint64_t size_bytes) {
  // Digits as a number; one too large for 64 bits is past the end of everything.
  const auto number = [](std::string_view digits) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} ? value : UINT64_MAX;
  };
  constexpr size_t kUnitBytes = 6;
  if (!equal_ignoring_case(header.substr(0, kUnitBytes), "bytes=")) return {};
  const std::string_view range = header.substr(kUnitBytes);
  const size_t dash = range.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view first = range.substr(0, dash), last = range.substr(dash + 1);
  if (!first.empty() && !all_digits(first)) return {};
  if (!last.empty() && !all_digits(last)) return {};
  if (first.empty() && last.empty()) return {};

  constexpr ByteRange kNone{ByteRange::Kind::kUnsatisfiable, 0, 0};
  if (first.empty()) {
    const uint64_t count = std::min(number(last), size_bytes);
    if (count == 0) return kNone;
    return {ByteRange::Kind::kPart, size_bytes - count, count};
  }
  const uint64_t from = number(first);
  const uint64_t to = last.empty() ? UINT64_MAX : number(last);
  if (from > to) return {};
  if (from >= size_bytes) return kNone;
  return {ByteRange::Kind::kPart, from, std::min(to, size_bytes - 1) - from + 1};
}

}  // namespace rushes::wire

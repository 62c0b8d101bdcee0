#include "server/api/router.h"

#include <algorithm>

#include "base/check.h"
#include "core/wire/url.h"

namespace rushes::api {
namespace {

constexpr size_t kSegmentsMax = 16;  // no endpoint has as many

// "/a//b" is "a", "", "b". Nothing for more than kSegmentsMax.
std::optional<std::vector<std::string_view>> split(std::string_view path) {
  std::vector<std::string_view> segments;
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  for (;;) {
    const size_t slash = path.find('/');
    segments.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return segments;
    if (segments.size() == kSegmentsMax) return std::nullopt;
    path.remove_prefix(slash + 1);
  }
}

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

bool matches(const std::vector<std::string>& pattern,
             const std::vector<std::string_view>& segments) {
  if (pattern.size() != segments.size()) return false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (is_parameter(pattern[i]) ? segments[i].empty() : pattern[i] != segments[i]) return false;
  }
  return true;
}

size_t count_common(const std::vector<std::string>& pattern,
                    const std::vector<std::string_view>& segments) {
  const auto [end, ignored] = std::ranges::mismatch(pattern, segments);
  return static_cast<size_t>(end - pattern.begin());
}

std::optional<std::vector<std::string>> read_parameters(
    const std::vector<std::string>& pattern, const std::vector<std::string_view>& segments) {
  std::vector<std::string> parameters;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (!is_parameter(pattern[i])) continue;
    auto decoded = wire::percent_decode(segments[i]);
    if (!decoded) return std::nullopt;
    parameters.push_back(std::move(*decoded));
  }
  return parameters;
}

}  // namespace

void Router::add(Endpoint endpoint) {
  auto entry = std::make_unique<Entry>();
  entry->endpoint = std::move(endpoint);
  const auto segments = split(entry->endpoint.pattern);
  RUSHES_CHECK(segments.has_value());
  entry->segments.assign(segments->begin(), segments->end());
  entries_.push_back(std::move(entry));
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match match;
  const auto segments = split(path);
  if (!segments) return match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  size_t common_max = 0;
  for (const auto& entry : entries_) {
    if (!matches(entry->segments, *segments)) {
      const size_t common = count_common(entry->segments, *segments);
      if (match.kind != Match::Kind::kNoSuchPath || common <= common_max) continue;
      common_max = common;
      match.endpoint = &entry->endpoint;
      continue;
    }
    auto parameters = read_parameters(entry->segments, *segments);
    if (!parameters) return {.endpoint = &entry->endpoint};
    match.endpoint = &entry->endpoint;
    match.kind = Match::Kind::kWrongMethod;
    if (entry->endpoint.method != wanted) continue;
    match.kind = Match::Kind::kFound;
    match.parameters = std::move(*parameters);
    return match;
  }
  return match;
}

}  // namespace rushes::api

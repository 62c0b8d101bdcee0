// Which paths the dialect serves, and what a read asks for.
#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "base/utf8.h"
#include "core/dialect/kling/kling.h"
#include "core/dialect/lenient.h"
#include "core/wire/url.h"

namespace rushes::dialect::kling {
namespace {

constexpr int kPageNumMax = 1000;
constexpr int kPageSizeMax = 500;
constexpr int kPageSizeDefault = 30;
constexpr size_t kExternalIdCharactersMax = 256;

using Query = std::vector<std::pair<std::string, std::string>>;

std::unexpected<Refusal> invalid(std::string_view name, std::string_view value) {
  return refuse(Reason::kFieldInvalid,
                fmt::format("{} value '{}' is invalid", name,
                            truncate_code_points(value, kEchoCharactersMax)));
}

std::optional<int64_t> read_integer(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Answer<int> read_bounded(const Query& query, std::string_view name, int fallback, int maximum) {
  const std::string* text = find_in_query(query, name);
  if (!text) return fallback;
  const auto number = read_integer(*text);
  if (!number || *number < 1 || *number > maximum) return invalid(name, *text);
  return static_cast<int>(*number);
}

TaskReference refer_to(const std::string& text) {
  TaskReference reference;
  reference.id = TaskId::parse(text);
  if (count_code_points(text) <= kExternalIdCharactersMax) reference.external_id = text;
  return reference;
}

}  // namespace

std::vector<Route> KlingDialect::routes(const catalog::Profile& profile) const {
  std::vector<Route> routes{{"POST", profile.mount, Operation::kCreate},
                            {"GET", profile.mount, Operation::kReadMany},
                            {"GET", profile.mount + "/{id}", Operation::kReadOne}};
  for (const std::string& path : profile.account_costs) {
    routes.push_back({"GET", path, Operation::kAccountCosts});
  }
  return routes;
}

Answer<Read> KlingDialect::decode_read(std::optional<std::string> id,
                                       std::string_view query) const {
  if (id) return refer_to(*id);
  const auto pairs = wire::parse_query(query);
  if (!pairs) return refuse(Reason::kBodyInvalid);
  // One client asks for a single task this way; the reply is the single object.
  if (const std::string* external_id = find_in_query(*pairs, "external_task_id");
      external_id && !external_id->empty()) {
    TaskReference reference = refer_to(*external_id);
    reference.id.reset();
    return reference;
  }
  const auto number = read_bounded(*pairs, "pageNum", 1, kPageNumMax);
  if (!number) return std::unexpected(number.error());
  const auto size = read_bounded(*pairs, "pageSize", kPageSizeDefault, kPageSizeMax);
  if (!size) return std::unexpected(size.error());
  return Page{.offset = (*number - 1) * *size, .limit = *size};
}

Answer<CostsQuery> KlingDialect::decode_account_costs(std::string_view query) const {
  const auto pairs = wire::parse_query(query);
  if (!pairs) return refuse(Reason::kBodyInvalid);
  int64_t earliest = 0;
  std::vector<Timestamp> times;
  for (const std::string_view name : {"start_time", "end_time"}) {
    const std::string* text = find_in_query(*pairs, name);
    const auto ms = text ? read_integer(*text) : std::nullopt;
    if (!ms || *ms < earliest) return invalid(name, text ? *text : "");
    earliest = *ms;
    times.push_back(from_unix_ms(*ms));
  }
  const std::string* name = find_in_query(*pairs, "resource_pack_name");
  return CostsQuery{.from = times[0], .to = times[1], .pack_name = name ? *name : std::string()};
}

}  // namespace rushes::dialect::kling

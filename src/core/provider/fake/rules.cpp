#include "core/provider/fake/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <variant>

#include "base/utf8.h"

namespace rushes::provider::fake {
namespace {

constexpr int64_t kEveryMax = 1'000'000;
constexpr int64_t kMillisMax = 30ll * 86'400'000;
constexpr double kTimeScaleMin = 0.001, kTimeScaleMax = 1'000'000;
constexpr size_t kReasonBytesMax = 1000;
constexpr size_t kTextBytesMax = 2000;
constexpr size_t kNamedMax = 100;

struct Row {
  std::string_view name;
  std::variant<Millis Rules::*, int64_t Rules::*, double Rules::*, std::string Rules::*,
               bool Rules::*>
      member;
};

constexpr std::array kRows = std::to_array<Row>({
    {"latency_ms", &Rules::latency},
    {"queue_ms", &Rules::queue},
    {"render_ms", &Rules::render},
    {"time_scale", &Rules::time_scale},
    {"drop_reply_every", &Rules::drop_reply_every},
    {"html_every", &Rules::html_every},
    {"fail_every", &Rules::fail_every},
    {"fail_reason", &Rules::fail_reason},
    {"hang_every", &Rules::hang_every},
    {"late_every", &Rules::late_every},
    {"late_ms", &Rules::late},
    {"unknown_word_every", &Rules::unknown_word_every},
    {"no_url_every", &Rules::no_url_every},
    {"no_url_ms", &Rules::no_url},
    {"forget_every", &Rules::forget_every},
    {"forget_after_ms", &Rules::forget_after},
    {"duplicate_callbacks", &Rules::duplicate_callbacks},
    {"query_html_every", &Rules::query_html_every},
});

// Codes of the vendor's table that an answer may have.
constexpr std::array kCodes{1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1200, 1201,
                            1202, 1203, 1300, 1301, 1302, 1303, 1304, 5000, 5001, 5002};

std::unexpected<Error> refuse(std::string_view name, const json::Value& value,
                              std::string_view allowed) {
  const std::string text = value.as_string() ? *value.as_string() : json::to_text(value);
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("{} value '{}' is invalid: it must be {}", name,
                               truncate_code_points(text, 64), allowed));
}

Result<int64_t> read_whole(std::string_view name, const json::Value& value, int64_t maximum) {
  const auto number = value.as_int();
  if (number && *number >= 0 && *number <= maximum) return *number;
  return refuse(name, value, fmt::format("a whole number from 0 to {}", maximum));
}

Result<void> assign(const Row& row, const json::Value& value, Rules& rules) {
  if (const auto* time = std::get_if<Millis Rules::*>(&row.member)) {
    TRY(const int64_t ms, read_whole(row.name, value, kMillisMax));
    rules.** time = Millis{ms};
  } else if (const auto* every = std::get_if<int64_t Rules::*>(&row.member)) {
    TRY(rules.**every, read_whole(row.name, value, kEveryMax));
  } else if (const auto* number = std::get_if<double Rules::*>(&row.member)) {
    const auto given = value.as_double();
    if (!given || !(*given >= kTimeScaleMin && *given <= kTimeScaleMax)) {
      return refuse(row.name, value,
                    fmt::format("a number from {} to {}", kTimeScaleMin, kTimeScaleMax));
    }
    rules.** number = *given;
  } else if (const auto* text = std::get_if<std::string Rules::*>(&row.member)) {
    const std::string* given = value.as_string();
    if (!given || given->size() > kReasonBytesMax) {
      return refuse(row.name, value, fmt::format("a text of at most {} bytes", kReasonBytesMax));
    }
    rules.** text = *given;
  } else {
    const auto given = value.as_bool();
    if (!given) return refuse(row.name, value, "true or false");
    rules.*std::get<bool Rules::*>(row.member) = *given;
  }
  return {};
}

// "answer_1303_every" or "query_5000_every".
struct CodeRule {
  std::map<int, int64_t> Rules::* member;
  int code;
};
std::optional<CodeRule> parse_code_rule(std::string_view name) {
  constexpr std::string_view kAnswer = "answer_", kQuery = "query_", kEvery = "_every";
  const bool is_answer = name.starts_with(kAnswer);
  if ((!is_answer && !name.starts_with(kQuery)) || !name.ends_with(kEvery)) return std::nullopt;
  name.remove_prefix(is_answer ? kAnswer.size() : kQuery.size());
  name.remove_suffix(std::min(kEvery.size(), name.size()));
  int code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code);
  const bool is_known = error == std::errc{} && end == name.data() + name.size() &&
                        std::ranges::find(kCodes, code) != kCodes.end();
  if (!is_known) return std::nullopt;
  return CodeRule{is_answer ? &Rules::answer_every : &Rules::query_answer_every, code};
}

Result<void> assign(std::string_view name, const json::Value& value, Rules& rules) {
  const auto row = std::ranges::find(kRows, name, &Row::name);
  if (row != kRows.end()) return assign(*row, value, rules);
  if (const auto rule = parse_code_rule(name)) {
    TRY((rules.*rule->member)[rule->code], read_whole(name, value, kEveryMax));
    return {};
  }
  std::vector<std::string_view> names;
  for (const Row& known : kRows) names.push_back(known.name);
  return fail_user(
      ErrorCode::kInvalidInput,
      fmt::format("rule '{}' is unknown: there are {}, answer_CODE_every and query_CODE_every",
                  truncate_code_points(name, 64), fmt::join(names, ", ")));
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<Rules> parse_rules(const json::Value& value, const Rules& base) {
  Rules rules = base;
  if (!value.as_object()) return refuse("rules", value, "a table");
  for (const auto& [name, member] : *value.as_object()) TRY_VOID(assign(name, member, rules));
  return rules;
}

Result<Rules> parse_rule_text(std::string_view text, const Rules& base) {
  Rules rules = base;
  if (text.size() > kTextBytesMax || !is_valid_utf8(text)) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("rules must be a text of at most {} bytes", kTextBytesMax));
  }
  while (true) {
    const size_t comma = text.find(',');
    const std::string_view pair = trimmed(text.substr(0, comma));
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      return fail_user(ErrorCode::kInvalidInput,
                       fmt::format("rule '{}' is unknown: no rule of the configuration has that "
                                   "name, and rules are written name=value",
                                   truncate_code_points(pair, 64)));
    }
    const std::string_view name = trimmed(pair.substr(0, equals));
    const std::string_view written = trimmed(pair.substr(equals + 1));
    // Numbers and booleans as JSON has them; anything else is a text.
    const auto parsed = json::parse(written);
    const bool is_scalar = parsed && (parsed->is_number() || parsed->as_bool());
    TRY_VOID(
        assign(name, is_scalar && name != "fail_reason" ? *parsed : json::Value(written), rules));
    if (comma == std::string_view::npos) return rules;
    text.remove_prefix(comma + 1);
  }
}

Result<RuleBook> RuleBook::parse(const json::Value& value) {
  RuleBook book;
  if (value.is_null()) return book;
  if (!value.as_object()) return refuse("rules", value, "a table");
  json::Object common, named;
  for (const json::Member& member : *value.as_object()) {
    (member.second.as_object() ? named : common).push_back(member);
  }
  TRY(book.common_, parse_rules(json::Value(std::move(common)), Rules{}));
  if (named.size() > kNamedMax) {
    return fail_user(
        ErrorCode::kInvalidInput,
        fmt::format("rules has {} named ones: allowed are {}", named.size(), kNamedMax));
  }
  for (const auto& [name, rules] : named) {
    auto parsed = parse_rules(rules, book.common_);
    if (!parsed) {
      return fail_user(ErrorCode::kInvalidInput,
                       fmt::format("rules.{}: {}", name, parsed.error().user_message));
    }
    book.named_.emplace(name, *std::move(parsed));
  }
  return book;
}

Result<Rules> RuleBook::select(std::string_view text) const {
  if (const auto found = named_.find(text); found != named_.end()) return found->second;
  return parse_rule_text(text, common_);
}

}  // namespace rushes::provider::fake

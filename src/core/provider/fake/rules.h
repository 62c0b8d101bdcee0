// What the scripted upstream does, as data: how long things take, and what goes wrong how often.
//
// Rules come as a JSON or TOML table of the configuration, or as text of a request header:
//
//   time_scale = 60                      fail_every=3, answer_1303_every=2
//   fail_every = 3
//   [provider.rules.never_ends]          # selected by "X-Rushes-Fake: never_ends"
//   hang_every = 1
//
// `x_every = n` strikes at every nth create (queries: every nth GET); 0: never.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/json/value.h"
#include "base/result.h"
#include "base/time.h"

namespace rushes::provider::fake {

// The header that selects the rules of one job: a name of the rule book, or rules as text.
inline constexpr std::string_view kRuleHeader = "X-Rushes-Fake";

struct Rules {
  Millis latency{0};  // of every answer; never scaled
  Millis queue{1'000};
  Millis render{10'000};
  double time_scale = 1;  // 60: a minute passes in a second

  // Creates.
  std::map<int, int64_t> answer_every;  // by code: refused, not accepted
  int64_t drop_reply_every = 0;         // accepted, and the connection ends without a reply
  int64_t html_every = 0;               // accepted, and the reply is an HTML page with 504
  // Jobs.
  int64_t fail_every = 0;
  std::string fail_reason = "Failure to pass the risk control system";
  int64_t hang_every = 0;  // never ends
  int64_t late_every = 0;  // ends, but `late` after its time
  Millis late{600'000};
  int64_t unknown_word_every = 0;  // its word while it renders is one that nobody knows
  int64_t no_url_every = 0;        // succeeds, but without a URL for that long; 0: for ever
  Millis no_url{0};
  int64_t forget_every = 0;  // gone without a trace that long after it was accepted
  Millis forget_after{1'000};
  bool duplicate_callbacks = false;  // every callback comes twice
  // Queries.
  std::map<int, int64_t> query_answer_every;  // by code
  int64_t query_html_every = 0;

  bool operator==(const Rules&) const = default;
};

// `base` overlaid with `value`, an object. kInvalidInput names the rule and what is allowed.
Result<Rules> parse_rules(const json::Value& value, const Rules& base);
// The same from "name=value, name=value"; a value ends at a comma.
Result<Rules> parse_rule_text(std::string_view text, const Rules& base);

// The rules that hold for everyone, and named ones that a request may select.
class RuleBook {
 public:
  RuleBook() = default;
  explicit RuleBook(Rules rules) : common_(std::move(rules)) {}
  // Members of `value` that are objects are named rules on top of the others; null: no rules.
  static Result<RuleBook> parse(const json::Value& value);

  const Rules& common() const { return common_; }
  // A named rule, or text of its own on top of the common ones; kInvalidInput otherwise.
  Result<Rules> select(std::string_view text) const;

 private:
  Rules common_;
  std::map<std::string, Rules, std::less<>> named_;
};

}  // namespace rushes::provider::fake

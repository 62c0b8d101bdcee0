// What the replies mean. Whatever cannot be read claims nothing: after a create it is unknown, and
// a GET is asked again.
#include <charconv>

#include "core/provider/kling/kling.h"
#include "core/provider/kling/shape.h"
#include "core/provider/reading.h"
#include "core/wire/url.h"

namespace rushes::provider::kling {
namespace {

constexpr Millis kNotYetValidDelay{6'000};  // tokens begin 5 s before they are signed

enum class Asked { kCreate, kQuery };

const Shape& shape_of(const Settings& settings) {
  const Shape* shape = find_shape(settings.family);
  return shape ? *shape : shapes().front();
}

std::optional<int64_t> parse_int(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A reply as far as all of them are alike.
struct Envelope {
  const Shape& shape;
  json::Value body;
  int status = 0;
  std::string code;     // as text, whatever it was; empty: none
  std::string message;  // of a refusal
  Outcome outcome;      // begun with what the operator wants to know

  bool says_ok() const { return parse_int(code) == 0 || is_one_of(code, shape.ok_texts); }
  bool has_content() const {
    if (status < 200 || status > 299) return false;
    return code.empty() ? !shape.code_is_required : says_ok();
  }
  // An answer of this API that says no; anything else with a bad status says nothing.
  bool is_refusal() const {
    if (code.empty()) return !shape.code_is_required && !message.empty();
    return !says_ok();
  }
};

std::optional<Envelope> open(const Settings& settings, const Reply& reply) {
  auto body = read_object(reply);
  if (!body) return std::nullopt;
  const Shape& shape = shape_of(settings);
  Envelope envelope{.shape = shape, .body = *std::move(body), .status = reply.status};
  envelope.code = text_at(envelope.body, shape.code);
  envelope.message = text_at(envelope.body, shape.message);
  envelope.outcome.request_id = text_at(envelope.body, "request_id");
  envelope.outcome.retry_after = retry_after_of(reply);
  return envelope;
}

Outcome unreadable(const Reply& reply, Verdict verdict) {
  return {.verdict = verdict,
          .status = "HTTP " + std::to_string(reply.status),
          .reason = "the reply is not of this API",
          .retry_after = retry_after_of(reply)};
}

// No text for the refusal is documented, so any that says both things will do.
bool says_duplicate(std::string_view message) {
  const std::string lower = to_lower(message);
  if (lower.find("external") == std::string::npos) return false;
  for (const std::string_view word :
       {"exist", "duplicate", "already", "repeat", "unique", "used"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

// For refusals whose code is not of the vendor's table: gateways have words of their own there.
Verdict verdict_of_status(const Envelope& envelope, Asked asked) {
  if (is_one_of(envelope.code, envelope.shape.gone_texts) && asked == Asked::kQuery) {
    return Verdict::kAbsent;
  }
  switch (envelope.status) {
    case 401:
    case 402:
    case 403: return Verdict::kCredential;
    case 429: return Verdict::kRetry;
    default: break;
  }
  if (asked == Asked::kQuery) return Verdict::kRetry;
  const bool refused = envelope.status >= 400 && envelope.status <= 499 && envelope.status != 408;
  return refused ? Verdict::kRejected : Verdict::kUnknown;
}

Outcome read_refusal(const Envelope& envelope, Asked asked) {
  Outcome outcome = envelope.outcome;
  outcome.status =
      envelope.code.empty() ? "HTTP " + std::to_string(envelope.status) : envelope.code;
  outcome.reason = envelope.message;
  const auto number = parse_int(envelope.code);
  if (const CodeMeaning* meaning = number ? find_code(*number) : nullptr) {
    outcome.verdict = asked == Asked::kCreate ? meaning->create : meaning->query;
    outcome.failure_code = meaning->failure_code;
  } else {
    outcome.verdict = verdict_of_status(envelope, asked);
    outcome.failure_code = failure_code_of(outcome.reason);
  }
  if (number == 1201 && asked == Asked::kCreate && says_duplicate(outcome.reason)) {
    outcome.verdict = Verdict::kDuplicate;
  }
  if (number == 1003 && !outcome.retry_after) outcome.retry_after = kNotYetValidDelay;
  if (outcome.verdict != Verdict::kRejected) outcome.failure_code.clear();
  return outcome;
}

std::optional<int> percent_at(const json::Value& body, std::span<const std::string_view> paths) {
  std::string text = text_at(body, paths);
  if (text.ends_with('%')) text.pop_back();
  const auto percent = parse_int(text);
  if (!percent || *percent < 0 || *percent > 100) return std::nullopt;
  return static_cast<int>(*percent);
}

// Files of the gateway itself: a URL below its own address takes our credential, and where a
// finished task has no URL at all, this is where the file is.
std::optional<Media> media_of(const Envelope& envelope, const Settings& settings,
                              const std::string& upstream_id) {
  const Shape& shape = envelope.shape;
  Media media{.url = url_at(envelope.body, shape.url)};
  if (media.url.empty() && shape.serves_artifacts && upstream_id.starts_with("task_")) {
    media.url = settings.base_url + "/v1/tasks/" + wire::percent_encode(upstream_id) +
                "/artifacts/video/content";
  }
  if (media.url.empty()) return std::nullopt;
  media.with_credential = !shape.lookup_by_handle && media.url.starts_with(settings.base_url + "/");
  media.watermarked_url = url_at(envelope.body, shape.watermarked_url);
  return media;
}

}  // namespace

Outcome KlingAdapter::read_create(const Settings& settings, const Reply& reply) const {
  const auto envelope = open(settings, reply);
  if (!envelope) return unreadable(reply, Verdict::kUnknown);
  if (!envelope->has_content()) {
    return envelope->is_refusal() ? read_refusal(*envelope, Asked::kCreate)
                                  : unreadable(reply, Verdict::kUnknown);
  }
  Outcome outcome = envelope->outcome;
  outcome.verdict = Verdict::kAccepted;
  outcome.upstream_id = id_at(envelope->body, envelope->shape.id);
  outcome.status = text_at(envelope->body, envelope->shape.word);
  return outcome.upstream_id.empty() ? unreadable(reply, Verdict::kUnknown) : outcome;
}

Outcome KlingAdapter::read_poll(const Settings& settings, const Reply& reply) const {
  const auto envelope = open(settings, reply);
  if (!envelope) return unreadable(reply, Verdict::kRetry);
  if (!envelope->has_content()) {
    return envelope->is_refusal() ? read_refusal(*envelope, Asked::kQuery)
                                  : unreadable(reply, Verdict::kRetry);
  }
  const Shape& shape = envelope->shape;
  Outcome outcome = envelope->outcome;
  outcome.verdict = Verdict::kRunning;
  outcome.upstream_id = id_at(envelope->body, shape.id);
  outcome.status = text_at(envelope->body, shape.word);
  if (outcome.status.empty()) return unreadable(reply, Verdict::kRetry);
  outcome.progress_percent = percent_at(envelope->body, shape.progress);
  outcome.cost = decimal_at(envelope->body, "data.final_unit_deduction", 1);
  const auto meaning = meaning_of(outcome.status);
  if (!meaning) {
    outcome.odd = unknown_word(outcome.status);
    outcome.reason = text_at(envelope->body, shape.reason);
  } else if (meaning == Progress::kSucceeded) {
    outcome.media = media_of(*envelope, settings, outcome.upstream_id);
    if (outcome.media) {
      outcome.verdict = Verdict::kSucceeded;
    } else {
      outcome.odd = kNoUrl;
    }
  } else if (meaning == Progress::kFailed) {
    outcome.verdict = Verdict::kFailed;
    outcome.reason = text_at(envelope->body, shape.reason);
    outcome.failure_code = failure_code_of(outcome.reason);
  }
  return outcome;
}

Outcome KlingAdapter::read_lookup(const Settings& settings, const std::string& handle,
                                  const Reply& reply) const {
  const auto envelope = open(settings, reply);
  if (!envelope) return unreadable(reply, Verdict::kRetry);
  if (!envelope->has_content()) {
    return envelope->is_refusal() ? read_refusal(*envelope, Asked::kQuery)
                                  : unreadable(reply, Verdict::kRetry);
  }
  Outcome outcome = envelope->outcome;
  const std::string named = text_at(envelope->body, envelope->shape.handle);
  std::string id = id_at(envelope->body, envelope->shape.id);
  if (id.empty() || named.empty() || named != handle) {
    // A task of somebody else whose own id looks like our handle: that says nothing about ours.
    outcome.verdict = Verdict::kUnknown;
    outcome.reason = "the reply does not name our handle";
    return outcome;
  }
  outcome.verdict = Verdict::kAccepted;
  outcome.upstream_id = std::move(id);
  outcome.status = text_at(envelope->body, envelope->shape.word);
  return outcome;
}

}  // namespace rushes::provider::kling

// What the replies mean. Whatever cannot be read claims nothing: after a create it is unknown, and
// a GET is asked again.
#include <charconv>

#include "core/provider/kling/kling.h"
#include "core/provider/kling/shape.h"
#include "core/provider/reading.h"

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

// The parts of a reply that every answer has.
struct Envelope {
  const Shape& shape;
  int status;
  json::Value body;
  std::string code;  // as text, whatever it was; empty: none
  Outcome outcome;   // with the operator's facts

  std::optional<int64_t> number() const { return parse_int(code); }
  bool is_ok() const {
    if (status < 200 || status > 299) return false;
    if (code.empty()) return !shape.code_is_required;
    return number() == 0 || is_one_of(code, shape.ok_texts);
  }
};

std::optional<Envelope> open(const Shape& shape, const Reply& reply) {
  auto body = read_object(reply);
  if (!body) return std::nullopt;
  Envelope envelope{shape, reply.status, *std::move(body), {}, {}};
  envelope.code = text_at(envelope.body, shape.code);
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

Outcome read_refusal(Envelope& envelope, Asked asked) {
  Outcome outcome = std::move(envelope.outcome);
  outcome.status =
      envelope.code.empty() ? "HTTP " + std::to_string(envelope.status) : std::move(envelope.code);
  outcome.reason = text_at(envelope.body, envelope.shape.message);
  const auto number = parse_int(outcome.status);
  const CodeMeaning* meaning = number ? find_code(*number) : nullptr;
  if (meaning) {
    outcome.verdict = asked == Asked::kCreate ? meaning->create : meaning->query;
  } else {
    envelope.code = outcome.status;
    outcome.verdict = verdict_of_status(envelope, asked);
  }
  if (outcome.verdict == Verdict::kRejected) {
    outcome.failure_code = meaning ? meaning->failure_code : failure_code_of(outcome.reason);
    if (number == 1201 && says_duplicate(outcome.reason)) {
      outcome.verdict = Verdict::kDuplicate;
      outcome.failure_code.clear();
    }
  }
  if (number == 1003 && !outcome.retry_after) outcome.retry_after = kNotYetValidDelay;
  return outcome;
}

// A code of 0 whose content is missing: something was said, but not what.
bool claims_success_without_content(const Envelope& envelope, std::string_view content) {
  return envelope.is_ok() && content.empty();
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
    media.url = settings.base_url + "/v1/tasks/" + upstream_id + "/artifacts/video/content";
  }
  if (media.url.empty()) return std::nullopt;
  media.with_credential = !shape.lookup_by_handle && media.url.starts_with(settings.base_url + "/");
  media.watermarked_url = url_at(envelope.body, shape.watermarked_url);
  for (const std::string_view path : shape.duration) {
    if (const auto ms = decimal_at(envelope.body, path, 3)) {
      media.duration = Millis{*ms};
      break;
    }
  }
  return media;
}

}  // namespace

Outcome KlingAdapter::read_create(const Settings& settings, const Reply& reply) const {
  auto envelope = open(shape_of(settings), reply);
  if (!envelope) return unreadable(reply, Verdict::kUnknown);
  const std::string id = id_at(envelope->body, envelope->shape.id);
  if (claims_success_without_content(*envelope, id)) return unreadable(reply, Verdict::kUnknown);
  if (!envelope->is_ok()) {
    const bool has_no_code = envelope->code.empty() && envelope->shape.code_is_required;
    if (has_no_code) return unreadable(reply, Verdict::kUnknown);
    return read_refusal(*envelope, Asked::kCreate);
  }
  Outcome outcome = std::move(envelope->outcome);
  outcome.verdict = Verdict::kAccepted;
  outcome.upstream_id = id;
  outcome.status = text_at(envelope->body, envelope->shape.word);
  return outcome;
}

Outcome KlingAdapter::read_poll(const Settings& settings, const Reply& reply) const {
  auto envelope = open(shape_of(settings), reply);
  if (!envelope) return unreadable(reply, Verdict::kRetry);
  const std::string word = text_at(envelope->body, envelope->shape.word);
  if (claims_success_without_content(*envelope, word)) return unreadable(reply, Verdict::kRetry);
  if (!envelope->is_ok()) return read_refusal(*envelope, Asked::kQuery);

  Outcome outcome = std::move(envelope->outcome);
  outcome.verdict = Verdict::kRunning;
  outcome.upstream_id = id_at(envelope->body, envelope->shape.id);
  outcome.status = word;
  outcome.progress_percent = percent_at(envelope->body, envelope->shape.progress);
  outcome.cost = decimal_at(envelope->body, "data.final_unit_deduction", 1);
  const auto meaning = meaning_of(word);
  outcome.started = meaning != Progress::kQueued;
  if (meaning == Progress::kSucceeded) {
    outcome.media = media_of(*envelope, settings, outcome.upstream_id);
    if (outcome.media) {
      outcome.verdict = Verdict::kSucceeded;
    } else {
      outcome.reason = "success without the URL of a video";
    }
  } else if (meaning == Progress::kFailed) {
    outcome.verdict = Verdict::kFailed;
    outcome.reason = text_at(envelope->body, envelope->shape.reason);
    outcome.failure_code = failure_code_of(outcome.reason);
  }
  return outcome;
}

Outcome KlingAdapter::read_lookup(const Settings& settings, const std::string& handle,
                                  const Reply& reply) const {
  auto envelope = open(shape_of(settings), reply);
  if (!envelope) return unreadable(reply, Verdict::kRetry);
  if (!envelope->is_ok()) {
    if (envelope->code.empty() && envelope->shape.code_is_required) {
      return unreadable(reply, Verdict::kRetry);
    }
    return read_refusal(*envelope, Asked::kQuery);
  }
  const std::string id = id_at(envelope->body, envelope->shape.id);
  if (id.empty() || text_at(envelope->body, envelope->shape.handle) != handle) {
    // A task of somebody else whose own id looks like our handle: that says nothing about ours.
    Outcome outcome = std::move(envelope->outcome);
    outcome.verdict = Verdict::kUnknown;
    outcome.reason = "the reply names another task";
    return outcome;
  }
  Outcome outcome = std::move(envelope->outcome);
  outcome.verdict = Verdict::kAccepted;
  outcome.upstream_id = id;
  outcome.status = text_at(envelope->body, envelope->shape.word);
  return outcome;
}

}  // namespace rushes::provider::kling

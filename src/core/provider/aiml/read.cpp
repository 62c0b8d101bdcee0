// What the replies mean. An error is known by its status only if its body is one of the vendor's:
// whatever stands in front of it may answer anything, and that says nothing about a create.
#include "core/provider/aiml/aiml.h"
#include "core/provider/reading.h"

namespace rushes::provider::aiml {
namespace {

constexpr std::string_view kId[]{"id", "generation_id"};
constexpr std::string_view kUrl[]{"video.url"};
constexpr std::string_view kReason[]{"error.message", "error.detail.0.msg", "error.detail",
                                     "error",         "message.0",          "message"};
constexpr std::string_view kRequestId[]{"requestId", "request_id"};
constexpr std::string_view kCredits[]{"meta.usage.credits_used", "meta.usage.tokens_used"};

// 2 million credits to the dollar, and $0.14 to the unit: 28,000 to its tenth.
constexpr int64_t kCreditsPerTenth = 28'000;

enum class Asked { kCreate, kQuery };

Outcome unreadable(const Reply& reply, Asked asked) {
  return {.verdict = asked == Asked::kCreate ? Verdict::kUnknown : Verdict::kRetry,
          .status = "HTTP " + std::to_string(reply.status),
          .reason = "the reply is not of this API",
          .retry_after = retry_after_of(reply)};
}

std::optional<UnitTenths> cost_of(const json::Value& body) {
  for (const std::string_view path : kCredits) {
    if (const auto credits = decimal_at(body, path, 0)) {
      return (*credits + kCreditsPerTenth / 2) / kCreditsPerTenth;
    }
  }
  return std::nullopt;
}

Verdict verdict_of(int status, Asked asked) {
  switch (status) {
    case 401:
    case 402:
    case 403: return Verdict::kCredential;
    case 429: return Verdict::kRetry;
    case 404:
      if (asked == Asked::kQuery) return Verdict::kAbsent;
      break;
    default: break;
  }
  if (asked == Asked::kQuery) return Verdict::kRetry;
  const bool refused = status >= 400 && status <= 499 && status != 408;
  return refused ? Verdict::kRejected : Verdict::kUnknown;
}

Outcome read_error(const json::Value& body, const Reply& reply, Asked asked) {
  const std::string reason = text_at(body, kReason);
  if (reason.empty()) return unreadable(reply, asked);
  Outcome outcome{.verdict = verdict_of(reply.status, asked),
                  .request_id = text_at(body, kRequestId),
                  .status = "HTTP " + std::to_string(reply.status),
                  .reason = reason,
                  .retry_after = retry_after_of(reply)};
  if (outcome.verdict == Verdict::kRejected) {
    const std::string_view code = failure_code_of(reason);
    const bool is_known = code != "provider_failed";
    outcome.failure_code = is_known || reply.status != 400 ? code : "invalid_input";
  }
  return outcome;
}

bool is_ok(const Reply& reply) { return reply.status >= 200 && reply.status <= 299; }

}  // namespace

Outcome AimlAdapter::read_create(const Settings&, const Reply& reply) const {
  const auto body = read_object(reply);
  if (!body) return unreadable(reply, Asked::kCreate);
  if (!is_ok(reply)) return read_error(*body, reply, Asked::kCreate);
  Outcome outcome{.verdict = Verdict::kAccepted,
                  .upstream_id = id_at(*body, kId),
                  .request_id = text_at(*body, kRequestId),
                  .status = text_at(*body, "status"),
                  .cost = cost_of(*body)};
  if (outcome.upstream_id.empty()) return unreadable(reply, Asked::kCreate);
  return outcome;
}

Outcome AimlAdapter::read_poll(const Settings&, const Reply& reply) const {
  const auto body = read_object(reply);
  if (!body) return unreadable(reply, Asked::kQuery);
  if (!is_ok(reply)) return read_error(*body, reply, Asked::kQuery);
  Outcome outcome{.verdict = Verdict::kRunning,
                  .upstream_id = id_at(*body, kId),
                  .request_id = text_at(*body, kRequestId),
                  .status = text_at(*body, "status"),
                  .cost = cost_of(*body)};
  if (outcome.status.empty()) return unreadable(reply, Asked::kQuery);
  const auto meaning = meaning_of(outcome.status);
  if (!meaning) {
    outcome.odd = unknown_word(outcome.status);
    outcome.reason = text_at(*body, kReason);
  } else if (meaning == Progress::kFailed) {
    outcome.verdict = Verdict::kFailed;
    outcome.reason = text_at(*body, kReason);
    outcome.failure_code = failure_code_of(outcome.reason);
  } else if (meaning == Progress::kSucceeded) {
    Media media{.url = url_at(*body, kUrl)};
    if (media.url.empty()) {
      outcome.odd = kNoUrl;
      return outcome;
    }
    outcome.verdict = Verdict::kSucceeded;
    outcome.media = std::move(media);
  }
  return outcome;
}

Outcome AimlAdapter::read_lookup(const Settings&, const std::string& handle,
                                 const Reply& reply) const {
  const auto body = read_object(reply);
  if (!body) return unreadable(reply, Asked::kQuery);
  const json::Value* rows = body->find("data");
  if (!is_ok(reply) || !rows || !rows->as_array()) {
    Outcome outcome = read_error(*body, reply, Asked::kQuery);
    // A server without this log knows nothing of our job either way.
    if (outcome.verdict == Verdict::kAbsent) outcome.verdict = Verdict::kUnknown;
    return outcome;
  }
  constexpr std::string_view kInference[]{"inference_id"};
  for (const json::Value& row : *rows->as_array()) {
    const std::string id = id_at(row, kInference);
    const json::Value* client_request_id = row.find("client_request_id");
    const std::string* given = client_request_id ? client_request_id->as_string() : nullptr;
    // Null means that none was sent; it matches nothing.
    if (id.empty() || !given || given->empty() || *given != handle) continue;
    return {.verdict = Verdict::kAccepted,
            .upstream_id = id,
            .request_id = text_at(row, "request_id"),
            .status = text_at(row, "status")};
  }
  return {.verdict = Verdict::kUnknown, .reason = "the log has no row of it yet"};
}

}  // namespace rushes::provider::aiml

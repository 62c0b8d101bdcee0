// The callbacks of an account: what was sent, what came back, once more, and a try on the receiver.
#include <fmt/format.h>

#include "base/json/writer.h"
#include "core/wire/url.h"
#include "edge/http/egress_guard.h"
#include "server/api/endpoints.h"
#include "server/api/native_kit.h"

namespace rushes::api {

using dialect::Answer;
using dialect::Reason;
using dialect::refuse;
using dialect::to_refusal;

namespace {

constexpr int kDeliveriesMax = 500;
constexpr int kDeliveriesDefault = 30;

// Opens the object of a delivery; the caller closes it.
void write_delivery(json::Writer& out, const store::Delivery& delivery) {
  out.begin_object()
      .member("id", delivery.id.to_string())
      .member("task_id", delivery.task.to_string())
      .member("event", delivery.event)
      .member("state", to_string(delivery.state))
      .member("url", delivery.url)
      .member("tries", delivery.tries)
      .member("created_at", to_unix_ms(delivery.created_at));
  if (delivery.state == store::DeliveryState::kPending) {
    out.member("due_at", to_unix_ms(delivery.due_at));
  }
}

void write_try(json::Writer& out, const store::DeliveryTry& attempt) {
  out.begin_object()
      .member("number", attempt.number)
      .member("at", to_unix_ms(attempt.at))
      .member("duration_ms", static_cast<int64_t>(attempt.duration.count()));
  if (attempt.status != 0) out.member("status", attempt.status);
  member_if(out, "error", attempt.error);
  out.member("reply", attempt.reply).end_object();
}

Awaitable<Answer<store::Delivery>> find_delivery(const Service& service, AccountId account,
                                                 std::string text) {
  const auto id = TaskId::parse(text);
  if (!id) co_return refuse(Reason::kNotFound);
  auto found = co_await service.parts.store.find_delivery(std::move(account), *id);
  if (!found) co_return std::unexpected(to_refusal(std::move(found).error()));
  if (!*found) co_return refuse(Reason::kNotFound);
  co_return **std::move(found);
}

Reply reply_with_delivery(const Service& service, AccountId account, std::string id) {
  const auto delivery = co_await find_delivery(service, std::move(account), std::move(id));
  if (!delivery) co_return std::unexpected(delivery.error());
  const auto tries = co_await service.parts.store.list_tries(delivery->id);
  if (!tries) co_return std::unexpected(to_refusal(tries.error()));
  std::string body;
  json::Writer out(body);
  write_delivery(out, *delivery);
  out.member("body", delivery->body).key("log").begin_array();
  for (const store::DeliveryTry& attempt : *tries) write_try(out, attempt);
  out.end_array().end_object();
  co_return json_response(std::move(body));
}

}  // namespace

Answer<void> check_callback(const Service& service, std::string_view field,
                            const std::string& url) {
  if (url.empty()) return {};
  const auto checked = http::check_url(url, service.options.egress);
  if (checked) return {};
  return refuse(Reason::kFieldInvalid, fmt::format("{} value '{}' is invalid: {}", field, echo(url),
                                                   checked.error().user_message));
}

Reply list_deliveries(const Service& service, Exchange& exchange) {
  const auto query = wire::parse_query(exchange.request.query());
  if (!query) co_return refuse(Reason::kBodyInvalid);
  const auto limit = read_bounded(*query, "limit", kDeliveriesDefault, kDeliveriesMax);
  if (!limit) co_return std::unexpected(limit.error());
  std::optional<TaskId> task;
  if (const std::string* text = find(*query, "task")) {
    task = TaskId::parse(*text);
    if (!task) co_return refuse(Reason::kNotFound);
  }
  const auto found = co_await service.parts.store.list_deliveries(exchange.account, task, *limit);
  if (!found) co_return std::unexpected(to_refusal(found.error()));
  std::string body;
  json::Writer out(body);
  out.begin_object().key("deliveries").begin_array();
  for (const store::Delivery& delivery : *found) {
    write_delivery(out, delivery);
    out.end_object();
  }
  out.end_array().end_object();
  co_return json_response(std::move(body));
}

Reply show_delivery(const Service& service, Exchange& exchange) {
  co_return co_await reply_with_delivery(service, exchange.account, exchange.parameters.front());
}

Reply replay_delivery(const Service& service, Exchange& exchange) {
  const auto delivery =
      co_await find_delivery(service, exchange.account, exchange.parameters.front());
  if (!delivery) co_return std::unexpected(delivery.error());
  const auto replayed =
      co_await service.parts.store.replay_delivery(exchange.account, delivery->id, exchange.at);
  if (!replayed) co_return std::unexpected(to_refusal(replayed.error()));
  if (!*replayed) co_return refuse(Reason::kNotFound);
  co_return co_await reply_with_delivery(service, exchange.account, exchange.parameters.front());
}

// Body: {"url":"https://…"}.
Reply test_delivery(const Service& service, Exchange& exchange) {
  const auto body = json::parse(exchange.request.body);
  if (!body || !body->as_object()) co_return refuse(Reason::kBodyInvalid);
  std::string url = body->string_or("url", "");
  if (url.empty()) co_return refuse(Reason::kFieldInvalid, "url cannot be empty");
  if (const auto checked = check_callback(service, "url", url); !checked) {
    co_return std::unexpected(checked.error());
  }
  const auto newest = co_await service.parts.store.list_deliveries(exchange.account, std::nullopt,
                                                                   kTestEventsLookedAt);
  if (!newest) co_return std::unexpected(to_refusal(newest.error()));
  if (!may_test(*newest, exchange.at)) {
    co_return std::unexpected(
        dialect::Refusal{.reason = Reason::kRateLimited, .retry_after = kTestEventInterval});
  }
  auto event = service.callbacks.test_event(exchange.account, std::move(url), exchange.at);
  if (!event) co_return std::unexpected(to_refusal(std::move(event).error()));
  const std::string id = event->id.to_string();
  const auto added = co_await service.parts.store.add_delivery(*std::move(event));
  if (!added) co_return std::unexpected(to_refusal(added.error()));
  co_return co_await reply_with_delivery(service, exchange.account, id);
}

}  // namespace rushes::api

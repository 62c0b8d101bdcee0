#include "server/engine/deliver.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/utf8.h"
#include "core/webhook/schedule.h"

namespace rushes::engine {
namespace {

constexpr uint64_t kReplyBytesMax = 4096;
constexpr size_t kAccountsKeptMax = 10'000;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr Millis kBackOffMin{500};
constexpr int kBackOffDoublingsMax = 6;
constexpr std::string_view kTestEvent = "test";
// Error classes, as an account sees them in its log.
constexpr std::string_view kUnreadableSecret = "secret_unreadable";
constexpr std::string_view kTimedOut = "timed_out";

// The reasons behind them name addresses of our network: those are the operator's.
std::string_view error_class(http::Fault fault) {
  switch (fault) {
    case http::Fault::kNone: return "";
    case http::Fault::kRefused: return "address_refused";
    case http::Fault::kNotSent: return "unreachable";
    case http::Fault::kAmbiguous: return "broken_off";
    case http::Fault::kTooLarge: return "reply_too_large";
    case http::Fault::kLocal: return "internal";
  }
  return "internal";
}

// What a receiver said, as text that the log can show: valid UTF-8 of at most kReplyBytesMax.
std::string to_text(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const auto next = first_code_point(bytes);
    const std::string_view good = next ? bytes.substr(0, next->size_bytes) : kReplacement;
    if (text.size() + good.size() > kReplyBytesMax) break;
    text += good;
    bytes.remove_prefix(next ? next->size_bytes : 1);
  }
  return text;
}

store::DeliveryState state_after(webhook::Judgement::Kind kind) {
  switch (kind) {
    case webhook::Judgement::Kind::kDelivered: return store::DeliveryState::kDelivered;
    case webhook::Judgement::Kind::kGone: return store::DeliveryState::kGone;
    case webhook::Judgement::Kind::kAgain: return store::DeliveryState::kPending;
    case webhook::Judgement::Kind::kExhausted: return store::DeliveryState::kExhausted;
  }
  return store::DeliveryState::kPending;
}

wire::Headers headers_of(const store::Delivery& delivery, Timestamp now,
                         std::span<const webhook::Secret> secrets) {
  const std::string id = delivery.id.to_string();
  wire::Headers headers = webhook::sign_headers({id, to_unix_s(now), delivery.body}, secrets);
  headers.add("Content-Type", "application/json; charset=utf-8");
  headers.add("User-Agent", "rushes-webhook/1");
  return headers;
}

}  // namespace

Deliver::Deliver(DeliverServices services, DeliverOptions options, Executor executor)
    : services_(std::move(services)),
      options_(std::move(options)),
      executor_(std::move(executor)),
      timer_(services_.timers.make(executor_)) {}

void Deliver::start() {
  if (started_ || stopping_) return;
  started_ = true;
  boost::asio::co_spawn(executor_, work(), boost::asio::detached);
}

void Deliver::stop() {
  stopping_ = true;
  timer_->wake();
}

Awaitable<> Deliver::work() {
  while (!stopping_) {
    const auto taken_back = co_await take_back_own();
    if (taken_back) break;
    co_await timer_->wait(kBackOffMin);
  }
  while (!stopping_) {
    const Millis pause = co_await claim();
    if (!stopping_) co_await timer_->wait(pause);
  }
}

Awaitable<Result<void>> Deliver::take_back_own() {
  NodeId node = options_.node;
  auto requeued = co_await services_.store.requeue_deliveries(std::move(node));
  if (requeued) co_return Result<void>();
  services_.logger.write(log::Level::kError, "deliveries_take_back_failed",
                         {{"reason", requeued.error().message}});
  co_return std::unexpected(std::move(requeued).error());
}

Awaitable<Millis> Deliver::claim() {
  // Every try that ends wakes the loop, so that a full house, or a receiver with all that it may
  // have, waits for nothing else.
  const int room = options_.parallel_max - running_;
  if (room <= 0) co_return options_.check_interval;
  const auto due = co_await services_.store.earliest_due_delivery();
  const Timestamp now = services_.clock.now();
  if (due && !*due) co_return options_.check_interval;
  if (due && **due > now) co_return std::min(options_.check_interval, **due - now);
  store::ClaimDeliveries wanted;
  wanted.node = options_.node;
  wanted.now = now;
  wanted.lease_until = now + options_.lease;
  wanted.limit = room;
  wanted.per_host_max = options_.per_host_max;
  auto claimed = co_await services_.store.claim_deliveries(std::move(wanted));
  if (!claimed) {
    services_.logger.write(log::Level::kError, "claim_deliveries_failed",
                           {{"reason", claimed.error().message}});
    co_return kBackOffMin * (1 << std::min(failures_++, kBackOffDoublingsMax));
  }
  failures_ = 0;
  for (store::Delivery& delivery : *claimed) {
    ++running_;
    boost::asio::co_spawn(executor_, deliver(std::move(delivery)), boost::asio::detached);
  }
  co_return options_.check_interval;
}

Awaitable<> Deliver::deliver(store::Delivery delivery) {
  const Timestamp began = services_.clock.now();
  const auto began_monotonic = services_.clock.monotonic();
  Sent sent;
  AccountId account = delivery.account;
  const auto secrets = co_await secrets_of(std::move(account));
  if (secrets) {
    wire::Headers headers = headers_of(delivery, began, *secrets);
    std::string url = delivery.url, body = delivery.body;
    sent = co_await send(std::move(url), std::move(body), std::move(headers));
  } else {
    // Never without the signature that the receiver waits for.
    services_.logger.write(
        log::Level::kError, "webhook_secrets_unreadable",
        {{"account", delivery.account.value}, {"reason", secrets.error().message}});
    sent.error = kUnreadableSecret;
  }
  const auto duration =
      std::chrono::duration_cast<Millis>(services_.clock.monotonic() - began_monotonic);
  // A try that our own end cut short says nothing of the receiver: it is made again at the start.
  if (!stopping_ || sent.error.empty()) {
    co_await record(std::move(delivery), std::move(sent), began, duration);
  }
  --running_;
  timer_->wake();
}

Awaitable<Deliver::Sent> Deliver::send(std::string url, std::string body, wire::Headers headers) {
  http::OutboundRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.headers = std::move(headers);
  request.body = std::move(body);
  request.egress = http::Egress::kGuarded;
  request.timeout = options_.timeout;
  request.body_bytes_max = kReplyBytesMax;
  request.cut_body = true;
  http::OutboundReply reply = co_await services_.network.send(std::move(request));
  Sent sent;
  sent.reply = to_text(reply.body);
  if (reply.fault != http::Fault::kNone) {
    // A status without the end of its reply is no answer.
    sent.error = reply.duration >= options_.timeout ? kTimedOut : error_class(reply.fault);
    sent.reason = std::move(reply.error);
    co_return sent;
  }
  sent.status = reply.status;
  if (const std::string* wait = reply.headers.find("Retry-After")) {
    sent.retry_after = webhook::parse_retry_after(*wait, services_.clock.now());
  }
  co_return sent;
}

Awaitable<> Deliver::record(store::Delivery delivery, Sent sent, Timestamp began, Millis duration) {
  const int number = delivery.tries + 1;
  // A test event shows what the receiver says now, not in three days.
  const int tries_max = delivery.event == kTestEvent ? 1 : webhook::kTriesMax;
  const webhook::Judgement judged =
      webhook::judge({sent.status, sent.retry_after}, number, chance(), tries_max);
  store::TryResult result;
  result.node = options_.node;
  result.attempt.delivery = delivery.id;
  result.attempt.number = number;
  result.attempt.at = began;
  result.attempt.duration = duration;
  result.attempt.status = sent.status;
  result.attempt.error = std::move(sent.error);
  result.attempt.reply = std::move(sent.reply);
  result.to = state_after(judged.kind);
  result.due_at = services_.clock.now() + judged.delay;
  if (judged.kind != webhook::Judgement::Kind::kDelivered) {
    // The host, not the URL: its path may hold a secret of the receiver.
    services_.logger.write(log::Level::kInfo, "delivery_failed",
                           {{"delivery", delivery.id.to_string()},
                            {"task_id", delivery.task.to_string()},
                            {"host", delivery.host},
                            {"try", number},
                            {"status", sent.status},
                            {"error", result.attempt.error},
                            {"reason", sent.reason},
                            {"state", to_string(result.to)}});
  }
  const auto finished = co_await services_.store.finish_try(std::move(result));
  if (finished || finished.error().code == ErrorCode::kConflict) co_return;
  // Its lease runs out, and it is sent once more.
  services_.logger.write(
      log::Level::kError, "delivery_not_recorded",
      {{"delivery", delivery.id.to_string()}, {"reason", finished.error().message}});
}

Awaitable<Result<std::vector<webhook::Secret>>> Deliver::secrets_of(AccountId account) {
  const Timestamp now = services_.clock.now();
  auto found = kept_secrets_.find(account.value);
  if (found == kept_secrets_.end() || found->second.until <= now) {
    AccountId asked = account;
    CO_TRY(KeptSecrets loaded, co_await load_secrets(std::move(asked)));
    if (kept_secrets_.size() >= kAccountsKeptMax) kept_secrets_.clear();
    found = kept_secrets_.insert_or_assign(account.value, std::move(loaded)).first;
  }
  co_return found->second.secrets;
}

Awaitable<Result<Deliver::KeptSecrets>> Deliver::load_secrets(AccountId account) {
  AccountId asked = account;
  CO_TRY(std::vector<store::WebhookSecret> sealed,
         co_await services_.store.list_webhook_secrets(std::move(asked)));
  std::ranges::sort(sealed, std::ranges::greater{}, &store::WebhookSecret::number);
  const Timestamp now = services_.clock.now();
  KeptSecrets kept;
  kept.until = now + options_.secrets_kept;
  for (const store::WebhookSecret& candidate : sealed) {
    if (candidate.expires_at && *candidate.expires_at <= now) continue;
    CO_TRY(webhook::Secret opened, services_.open_secret(account, candidate.sealed));
    kept.secrets.push_back(std::move(opened));
  }
  co_return kept;
}

double Deliver::chance() {
  return static_cast<double>(services_.entropy.next_u64() >> 11) * 0x1p-53;
}

}  // namespace rushes::engine

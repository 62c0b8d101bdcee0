#include "server/api/callbacks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "core/wire/url.h"

namespace rushes::api {
namespace {

// The unit of fairness between receivers. The scheme does not matter: it is the same machine.
std::string host_of(const wire::Url& url) { return fmt::format("{}:{}", url.host, url.port); }

}  // namespace

std::optional<store::Delivery> Callbacks::event_of(const Task& task) const {
  if (task.spec.callback_url.empty()) return std::nullopt;
  const auto url = wire::parse_url(task.spec.callback_url);
  if (!url) return std::nullopt;
  return delivery_of(task, host_of(*url));
}

Result<store::Delivery> Callbacks::test_event(AccountId account, std::string url,
                                              Timestamp now) const {
  TRY(const wire::Url parsed, wire::parse_url(url));
  Task task;
  task.id = next_id(now);
  task.account = std::move(account);
  task.dialect = dialects_.front()->name();
  task.spec.callback_url = std::move(url);
  task.created_at = now;
  task.updated_at = now;
  store::Delivery delivery = delivery_of(task, host_of(parsed));
  delivery.event = kTestEvent;
  return delivery;
}

store::Delivery Callbacks::delivery_of(const Task& task, std::string host) const {
  const dialect::TaskView view = links_.view_of(task);
  const auto own = std::ranges::find_if(
      dialects_, [&](const dialect::Dialect* d) { return d->name() == task.dialect; });
  std::optional<std::string> body;
  if (own != dialects_.end()) body = (*own)->encode_callback(view);
  if (!body) body = dialects_.front()->encode_callback(view);
  RUSHES_CHECK(body);
  const PublicState state = public_state(task);
  store::Delivery delivery;
  delivery.id = next_id(task.updated_at);
  delivery.task = task.id;
  delivery.account = task.account;
  delivery.event = to_string(state);
  delivery.terminal = is_terminal(task.state);
  delivery.url = task.spec.callback_url;
  delivery.host = std::move(host);
  delivery.body = std::move(*body);
  delivery.created_at = task.updated_at;
  delivery.due_at = task.updated_at;
  return delivery;
}

TaskId Callbacks::next_id(Timestamp now) const {
  const auto random = static_cast<uint32_t>(entropy_.next_u64());
  const uint64_t made = TaskId::make(now, random).value;
  uint64_t last = last_id_.load(), next = 0;
  do {
    next = std::max(made, last + 1);
  } while (!last_id_.compare_exchange_weak(last, next));
  return TaskId{next};
}

bool may_test(const std::vector<store::Delivery>& newest, Timestamp now) {
  return std::ranges::none_of(newest, [&](const store::Delivery& delivery) {
    return delivery.event == kTestEvent && now < delivery.created_at + kTestEventInterval;
  });
}

}  // namespace rushes::api

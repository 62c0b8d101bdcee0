#include "server/engine/remote_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/task/transitions.h"

namespace rushes::engine {
namespace {

using provider::Verdict;

constexpr Millis kFirstBackOff{1'000};
constexpr Millis kLongestBackOff{60'000};
constexpr int kDoublingsMax = 6;
constexpr Millis kDefaultPollInterval{5'000};
constexpr size_t kRawTextBytesMax = 2'000;
constexpr uint64_t kReplyBytesMax = 4 << 20;

// Never in the middle of a code point: its later bytes are 10xxxxxx.
std::string_view truncate_bytes(std::string_view text) {
  if (text.size() <= kRawTextBytesMax) return text;
  size_t size = kRawTextBytesMax;
  while (size > 0 && (static_cast<uint8_t>(text[size]) & 0xc0) == 0x80) --size;
  return text.substr(0, size);
}

std::string cut(std::string_view text) { return std::string(truncate_bytes(text)); }

}  // namespace

Gate& Gates::of(const std::string& provider, const std::string& credential) {
  const auto found = gates_.find({provider, credential});
  if (found != gates_.end()) return found->second;
  Gate::Limits limits;
  if (const ConfiguredProvider* configured = providers_.find(provider)) {
    limits.requests_per_second = configured->requests_per_second;
    for (const ConfiguredCredential& candidate : configured->credentials) {
      if (candidate.credential.label == credential) limits.concurrency = candidate.concurrency;
    }
  }
  return gates_.emplace(std::pair{provider, credential}, Gate(limits)).first->second;
}

int Gates::room(const ConfiguredProvider& provider, Timestamp now) {
  int room = 0;
  for (const ConfiguredCredential& candidate : provider.credentials) {
    room += of(provider.settings.name, candidate.credential.label).room(now);
  }
  return room;
}

const ConfiguredCredential* Gates::choose(const ConfiguredProvider& provider, Timestamp now) {
  for (const ConfiguredCredential& candidate : provider.credentials) {
    if (of(provider.settings.name, candidate.credential.label).room(now) > 0) return &candidate;
  }
  return nullptr;
}

int RemoteDesk::unplaced(const std::string& provider) const {
  const auto found = unplaced_.find(provider);
  return found == unplaced_.end() ? 0 : found->second;
}

void RemoteDesk::place(RemoteRun& run) {
  if (!std::exchange(run.placed, true)) --unplaced_[run.task.provider];
}

Awaitable<bool> RemoteDesk::move(std::shared_ptr<RemoteRun> run, store::Change change) {
  const TaskState to = change.to;
  Result<void> changed;
  if (to == TaskState::kFailed) {
    changed = co_await settle.fail_task(run->task, std::move(change));
  } else {
    changed = co_await settle.apply(std::move(change));
  }
  if (!changed) {
    if (changed.error().code == ErrorCode::kConflict) run->stop = RemoteRun::Stop::kLeaseLost;
    run->over = true;
    log(log::Level::kWarn, "task_lost", *run, changed.error().message);
    co_return false;
  }
  run->task.state = to;
  if (!is_in_work(to)) run->over = true;
  co_return true;
}

Awaitable<bool> RemoteDesk::record(std::shared_ptr<RemoteRun> run) {
  const auto recorded = co_await services.store.record_attempt(options.node, run->attempt);
  if (recorded) co_return true;
  if (recorded.error().code == ErrorCode::kConflict) run->stop = RemoteRun::Stop::kLeaseLost;
  run->over = true;
  log(log::Level::kWarn, "attempt_not_recorded", *run, recorded.error().message);
  co_return false;
}

Awaitable<> RemoteDesk::remark(std::shared_ptr<RemoteRun> run) {
  const auto recorded = co_await services.store.record_attempt(options.node, run->attempt);
  ignore_error(recorded, "the next change of the task writes the attempt again");
}

Awaitable<> RemoteDesk::fail(std::shared_ptr<RemoteRun> run, AttemptState attempt, std::string code,
                             std::string message) {
  store::Change failed = settle.failure_of(run->task, std::move(code), std::move(message));
  failed.event_detail = run->attempt.reason;
  if (run->attempt.number != 0) {
    run->attempt.state = attempt;
    run->attempt.ended_at = failed.at;
    failed.attempt_record = run->attempt;
  }
  co_await move(run, std::move(failed));
}

Awaitable<> RemoteDesk::requeue(std::shared_ptr<RemoteRun> run, AttemptState attempt,
                                std::string event, Counts counts, Next next) {
  const int failures = run->task.failures + (counts == Counts::kAsFailure ? 1 : 0);
  std::string provider = co_await next_provider(*run, next);
  // Of a provider that is gone: every try leaves a trace in the store.
  const bool is_orphan = services.providers.find(run->task.provider) == nullptr;
  const Millis wait = is_orphan ? kLongestBackOff : settle.retry_delay(std::max(failures, 1));
  store::Change back =
      settle.requeue_of(run->task, std::move(event), provider.empty() ? wait : Millis{0});
  back.event_detail = run->attempt.reason;
  back.counts_as_failure = counts == Counts::kAsFailure;
  back.provider = std::move(provider);
  if (run->attempt.number != 0) {
    run->attempt.state = attempt;
    run->attempt.ended_at = back.at;
    back.attempt_record = run->attempt;
  }
  co_await move(run, std::move(back));
}

// Another provider of the route that can take it now; empty: none, so it stays where it is.
Awaitable<std::string> RemoteDesk::next_provider(const RemoteRun& run, Next next) {
  const std::string current = run.task.provider;
  if (const ConfiguredProvider* same = services.providers.find(current);
      next == Next::kSameFirst && same != nullptr &&
      gates.choose(*same, services.clock.now()) != nullptr) {
    co_return current;
  }
  std::vector<std::string> order;
  const auto account = co_await services.store.find_account(run.task.account);
  if (account && *account) order = (*account)->settings.providers;
  const Timestamp now = services.clock.now();
  const auto targets = services.providers.routes.choose(
      services.catalog, run.task.spec, order, services.entropy.next_u64(),
      [&](const std::string& name) {
        const ConfiguredProvider* candidate = services.providers.find(name);
        if (candidate == nullptr || name == current) return false;
        return candidate->adapter->capabilities(candidate->settings).local ||
               gates.room(*candidate, now) > 0;
      });
  co_return targets && !targets->empty() ? targets->front().provider : "";
}

Awaitable<http::OutboundReply> RemoteDesk::send(std::shared_ptr<RemoteRun> run,
                                                provider::Call call) {
  const auto turn = run->hinted ? Gate::Turn::kNow : Gate::Turn::kInOrder;
  const Timestamp begin = services.clock.now() + run->gate->take_turn(services.clock.now(), turn);
  while (services.clock.now() < begin && run->stop == RemoteRun::Stop::kNone && !run->hinted) {
    co_await run->timer->wait(begin - services.clock.now());
  }
  // Neither in a burst at the end of the server, nor for a task that is another node's by now.
  if (run->stop != RemoteRun::Stop::kNone) {
    http::OutboundReply unsent;
    unsent.fault = http::Fault::kNotSent;
    unsent.error = "the work on the task ended before its turn";
    co_return unsent;
  }
  run->hinted = false;  // this is the answer to it; one that comes meanwhile asks once more
  http::OutboundRequest request;
  request.method = std::move(call.method);
  request.url = std::move(call.url);
  request.headers = std::move(call.headers);
  request.body = std::move(call.body);
  request.egress = http::Egress::kOperator;
  request.body_bytes_max = kReplyBytesMax;
  if (const ConfiguredProvider* provider = configured(*run)) {
    request.timeout = provider->request_timeout;
  }
  http::OutboundReply reply = co_await services.network.send(std::move(request));
  // What our own end cut off says nothing of the provider.
  if (run->stop != RemoteRun::Stop::kNone) co_return reply;
  judge(*run, reply);
  co_return reply;
}

void RemoteDesk::judge(const RemoteRun& run, const http::OutboundReply& reply) {
  if (reply.fault == http::Fault::kNone && reply.status < 500) {
    if (run.gate->worked()) log_gate(log::Level::kInfo, "provider_back", run, {});
    return;
  }
  if (!run.gate->failed(services.clock.now())) return;
  const std::string reason = reply.fault == http::Fault::kNone
                                 ? fmt::format("HTTP {}", reply.status)
                                 : fmt::format("{}: {}", to_string(reply.fault), reply.error);
  log_gate(log::Level::kError, "provider_unreachable", run, reason);
}

void RemoteDesk::refuse_credential(const RemoteRun& run, std::string_view reason) {
  if (!run.gate->park(services.clock.now())) return;
  log_gate(log::Level::kError, "credential_refused", run, reason);
}

provider::Context RemoteDesk::context_of(const RemoteRun& run) const {
  return {run.pin->settings, run.pin->credential, services.clock.now()};
}

Awaitable<> RemoteDesk::pause(std::shared_ptr<RemoteRun> run, Millis duration) {
  if (run->stop != RemoteRun::Stop::kNone || run->hinted) co_return;
  co_await run->timer->wait(duration);
}

Millis RemoteDesk::back_off(const RemoteRun& run) const {
  const int doublings = std::clamp(std::max(run.faults, run.refusals) - 1, 0, kDoublingsMax);
  return std::min(kLongestBackOff, kFirstBackOff * (1 << doublings));
}

bool RemoteDesk::is_past_horizon(const RemoteRun& run) const {
  return services.clock.now() >= run.task.created_at + options.horizon;
}

const ConfiguredProvider* RemoteDesk::configured(const RemoteRun& run) const {
  return services.providers.find(run.attempt.provider);
}

Millis RemoteDesk::poll_interval(const RemoteRun& run) const {
  const ConfiguredProvider* provider = configured(run);
  return provider != nullptr ? provider->poll_interval : kDefaultPollInterval;
}

void RemoteDesk::note(RemoteRun& run, const provider::Outcome& outcome) {
  if (!outcome.request_id.empty()) run.attempt.upstream_request_id = cut(outcome.request_id);
  if (!outcome.status.empty()) run.attempt.status = cut(outcome.status);
  if (outcome.cost) run.attempt.cost = outcome.cost;
  // What the upstream says of the job itself takes the place of earlier complaints, even by
  // nothing.
  const bool is_of_the_job =
      outcome.verdict == Verdict::kAccepted || outcome.verdict == Verdict::kRunning ||
      outcome.verdict == Verdict::kSucceeded || outcome.verdict == Verdict::kFailed;
  if (is_of_the_job || !outcome.reason.empty()) note_reason(run, outcome.reason);
  if (outcome.odd.empty()) return;
  note_reason(run, outcome.reason.empty() ? outcome.odd
                                          : fmt::format("{}: {}", outcome.odd, outcome.reason));
}

void RemoteDesk::note_reason(RemoteRun& run, std::string_view reason) {
  run.attempt.reason = truncate_bytes(reason);
}

void RemoteDesk::log(log::Level level, std::string_view event, const RemoteRun& run,
                     std::string_view reason) const {
  services.logger.write(level, event,
                        {{"task", run.task.id.to_string()},
                         {"attempt", run.task.attempt},
                         {"provider", run.task.provider},
                         {"reason", truncate_bytes(reason)}});
}

void RemoteDesk::log_gate(log::Level level, std::string_view event, const RemoteRun& run,
                          std::string_view reason) const {
  const std::string until = to_iso8601(run.gate->closed_until());
  std::vector<log::Field> fields{{"provider", run.attempt.provider},
                                 {"credential", run.attempt.credential}};
  if (!reason.empty()) fields.emplace_back("reason", truncate_bytes(reason));
  if (run.gate->closed_until() > services.clock.now()) fields.emplace_back("until", until);
  services.logger.write(level, event, fields);
}

}  // namespace rushes::engine

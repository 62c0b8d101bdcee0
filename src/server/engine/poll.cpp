#include "server/engine/poll.h"

#include <algorithm>

namespace rushes::engine {
namespace {

using provider::Outcome;
using provider::Verdict;

// Failures that another try may heal; everything else is the provider's last word.
constexpr std::string_view kRetryableFailure = "provider_error";
constexpr std::string_view kUnexpectedStatus = "unexpected_status";
constexpr size_t kOdditiesMax = 10;  // an upstream may have a new word for every poll

}  // namespace

Awaitable<> Poll::step(std::shared_ptr<RemoteRun> run) {
  if (run->cancel_requested && !run->too_late_noted) {
    co_await try_to_cancel(run);
    co_return;
  }
  // After a restart it is asked at once, in the pace of the provider's rate limit.
  if (std::exchange(run->asked_since_start, true)) {
    const Millis pause = run->faults > 0 ? std::max(desk_.back_off(*run), desk_.poll_interval(*run))
                                         : desk_.poll_interval(*run);
    co_await desk_.pause(run, pause);
    if (run->stop != RemoteRun::Stop::kNone) co_return;
    if (run->cancel_requested && !run->too_late_noted) co_return;
  }
  note_overdue(*run);
  const bool last_time = desk_.is_past_horizon(*run);
  Outcome outcome = co_await ask(run);
  if (run->stop != RemoteRun::Stop::kNone) co_return;
  const bool is_over =
      outcome.verdict == Verdict::kSucceeded || outcome.verdict == Verdict::kFailed;
  if (last_time && !is_over) {
    co_await desk_.fail(run, AttemptState::kUnknown, "expired", "Task expired");
    co_return;
  }
  co_await act(run, std::move(outcome));
}

// Told once; a task that takes long has not failed.
void Poll::note_overdue(RemoteRun& run) {
  const ConfiguredProvider* provider = desk_.configured(run);
  if (provider == nullptr || run.overdue_noted) return;
  if (desk_.services.clock.now() < run.task.created_at + provider->overdue_after) return;
  run.overdue_noted = true;
  desk_.log(log::Level::kWarn, "task_overdue", run, run.attempt.status);
}

Awaitable<Outcome> Poll::ask(std::shared_ptr<RemoteRun> run) {
  provider::Call call = run->adapter->poll(desk_.context_of(*run), run->attempt.upstream_id);
  http::OutboundReply reply = co_await desk_.send(run, std::move(call));
  Outcome outcome;
  if (reply.fault == http::Fault::kNone) {
    outcome = run->adapter->read_poll(
        run->pin->settings, {reply.status, std::move(reply.headers), std::move(reply.body)});
  } else {
    outcome.verdict = Verdict::kRetry;
    outcome.reason = reply.error;
  }
  RemoteDesk::note(*run, outcome);
  co_return outcome;
}

Awaitable<> Poll::act(std::shared_ptr<RemoteRun> run, Outcome outcome) {
  switch (outcome.verdict) {
    case Verdict::kSucceeded: {
      run->faults = 0;
      run->trouble = {};
      run->media = std::move(outcome.media);
      store::Change known = desk_.settle.change_of(run->task, TaskState::kFetching, "result_known");
      known.attempt_record = run->attempt;
      co_await desk_.move(run, std::move(known));
      co_return;
    }
    case Verdict::kFailed: co_await end_badly(run, std::move(outcome)); co_return;
    case Verdict::kAbsent:
      // A provider that forgets has lost the job; of any other it is an answer to doubt.
      if (run->capabilities.volatile_store) {
        co_await make_anew(run);
        co_return;
      }
      co_await meet_trouble(run, "job_not_found");
      co_return;
    case Verdict::kRunning:
    case Verdict::kAccepted: co_await go_on(run, std::move(outcome)); co_return;
    case Verdict::kCredential:
      desk_.refuse_credential(*run, outcome.reason);
      co_await meet_trouble(run, "poll_failed");
      co_return;
    case Verdict::kSignAgain:
    case Verdict::kRetry:
    case Verdict::kRejected:
    case Verdict::kDuplicate:
    case Verdict::kUnknown:
      co_await meet_trouble(run, "poll_failed");
      if (outcome.retry_after) co_await desk_.pause(run, *outcome.retry_after);
      co_return;
  }
}

Awaitable<> Poll::go_on(std::shared_ptr<RemoteRun> run, Outcome outcome) {
  run->faults = 0;
  if (outcome.progress_percent) run->percent = std::max(run->percent, *outcome.progress_percent);
  const std::string_view trouble = outcome.odd.empty() ? std::string_view() : kUnexpectedStatus;
  const bool has_changed = std::exchange(run->trouble, trouble) != trouble;
  const bool is_new = !outcome.odd.empty() && run->oddities.size() < kOdditiesMax &&
                      run->oddities.insert(outcome.odd).second;
  if (is_new) desk_.log(log::Level::kWarn, kUnexpectedStatus, *run, outcome.odd);
  if (is_new || has_changed) co_await desk_.remark(run);
}

Awaitable<> Poll::meet_trouble(std::shared_ptr<RemoteRun> run, std::string_view event) {
  ++run->faults;
  if (std::exchange(run->trouble, event) == event) co_return;
  desk_.log(log::Level::kWarn, event, *run, run->attempt.reason);
  co_await desk_.remark(run);
}

Awaitable<> Poll::make_anew(std::shared_ptr<RemoteRun> run) {
  if (run->task.failures + 1 >= desk_.options.attempts_max) {
    co_await desk_.fail(run, AttemptState::kFailed, "provider_failed", "Video generation failed");
    co_return;
  }
  co_await desk_.requeue(run, AttemptState::kFailed, "job_lost", RemoteDesk::Counts::kAsFailure);
}

Awaitable<> Poll::end_badly(std::shared_ptr<RemoteRun> run, Outcome outcome) {
  const bool may_heal = outcome.failure_code == kRetryableFailure && !run->cancel_requested &&
                        run->task.failures + 1 < desk_.options.attempts_max;
  if (may_heal) {
    co_await desk_.requeue(run, AttemptState::kFailed, "provider_failed",
                           RemoteDesk::Counts::kAsFailure);
    co_return;
  }
  std::string code =
      outcome.failure_code.empty() ? "provider_failed" : std::move(outcome.failure_code);
  co_await desk_.fail(
      run, AttemptState::kFailed, std::move(code),
      provider::public_reason(outcome.reason, run->attempt.model, run->task.spec.model));
}

Awaitable<> Poll::try_to_cancel(std::shared_ptr<RemoteRun> run) {
  run->too_late_noted = true;
  if (!run->capabilities.cancel) {
    desk_.log(log::Level::kInfo, "cancel_too_late", *run, "the provider cannot cancel");
    co_return;
  }
  provider::Call call = run->adapter->cancel(desk_.context_of(*run), run->attempt.upstream_id);
  const http::OutboundReply reply = co_await desk_.send(run, std::move(call));
  if (reply.fault == http::Fault::kNone && reply.status < 300) {
    co_await desk_.fail(run, AttemptState::kFailed, "cancelled", "Task was cancelled");
  }
}

}  // namespace rushes::engine

#include "server/engine/submission.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/crypto/digest.h"

namespace rushes::engine {
namespace {

using provider::Outcome;
using provider::Verdict;

// Absence is proven by that many look-ups over that long (webhooks-and-queues.md section 5).
constexpr int kAbsentLookups = 3;
constexpr Millis kAbsenceSpan{60'000};
constexpr Millis kLookupInterval{30'000};
constexpr Millis kPresenceInterval{60'000};
constexpr int kFaultsToFallOver = 3;
constexpr size_t kCallbackSecretBytes = 20;  // 160 bits

std::string handle_of(TaskId id, int attempt, const std::string& prefix) {
  const std::string base = prefix + id.to_string();
  return attempt <= 1 ? base : fmt::format("{}-{}", base, attempt);
}

}  // namespace

std::string Submission::callback_secret(const Services& services, TaskId task, int attempt) {
  const std::string digest = hmac_sha256(services.secret.derive("upstream-callback"),
                                         fmt::format("{}-{}", task.to_string(), attempt));
  return to_hex(std::string_view(digest).substr(0, kCallbackSecretBytes));
}

std::string Submission::callback_url(const Services& services, const Options& options, TaskId task,
                                     int attempt) {
  if (options.callback_base_url.empty()) return {};
  return fmt::format("{}/rushes/v1/upstream/{}/{}/{}", options.callback_base_url, task.to_string(),
                     attempt, callback_secret(services, task, attempt));
}

Awaitable<> Submission::step(std::shared_ptr<RemoteRun> run) {
  const bool may_be_there =
      run->attempt.number != 0 && run->attempt.state == AttemptState::kPrepared;
  if (may_be_there) {
    co_await reconcile(run);
  } else if (run->cancel_requested) {
    co_await desk_.fail(run, AttemptState::kAbsent, "cancelled", "Task was cancelled");
  } else if (desk_.is_past_horizon(*run)) {
    co_await desk_.fail(run, AttemptState::kAbsent, "expired", "Task expired");
  } else if (run->attempt.number == 0) {
    co_await prepare(run);
  } else if (desk_.configured(*run) == nullptr) {
    // Nothing of it is there, and the operator wants nothing new to be.
    co_await desk_.requeue(run, AttemptState::kAbsent, "provider_gone", RemoteDesk::Counts::kNo);
  } else {
    co_await submit(run);
  }
}

// Chooses the credential and the upstream's model; nothing is written yet.
Awaitable<> Submission::prepare(std::shared_ptr<RemoteRun> run) {
  const Timestamp now = desk_.services.clock.now();
  const ConfiguredProvider* configured = desk_.services.providers.find(run->task.provider);
  const ConfiguredCredential* credential =
      configured == nullptr ? nullptr : desk_.gates.choose(*configured, now);
  if (credential == nullptr) {
    co_await desk_.requeue(run, AttemptState::kAbsent, "no_room", RemoteDesk::Counts::kNo);
    co_return;
  }
  // At once: another task may choose while the pin is being written.
  run->enter(desk_.gates.of(configured->settings.name, credential->credential.label));
  desk_.place(*run);
  auto pin = std::make_shared<const Pin>(Pin{configured->settings, credential->credential});
  Pin copy = *pin;
  auto fingerprint = co_await desk_.pins.keep(std::move(copy));
  if (!fingerprint) {
    desk_.log(log::Level::kError, "pin_not_kept", *run, fingerprint.error().message);
    co_await desk_.requeue(run, AttemptState::kAbsent, "requeued", RemoteDesk::Counts::kNo);
    co_return;
  }
  run->pin = std::move(pin);
  run->adapter = configured->adapter;
  run->capabilities = configured->adapter->capabilities(configured->settings);

  Attempt& attempt = run->attempt;
  attempt.task = run->task.id;
  attempt.number = run->task.attempt;
  attempt.state = AttemptState::kAbsent;  // until its request may leave
  attempt.provider = configured->settings.name;
  attempt.credential = credential->credential.label;
  attempt.pin = std::move(*fingerprint);
  attempt.model = desk_.services.providers.routes.upstream_model(desk_.services.catalog,
                                                                 run->task.spec, attempt.provider);
  attempt.handle = handle_of(run->task.id, run->task.attempt, desk_.options.handle_prefix);
}

Awaitable<> Submission::submit(std::shared_ptr<RemoteRun> run) {
  Attempt& attempt = run->attempt;
  attempt.state = AttemptState::kPrepared;
  attempt.begun_at = desk_.services.clock.now();
  attempt.absent_lookups = 0;
  attempt.first_lookup_at.reset();
  run->known_upstream = false;
  const bool recorded = co_await desk_.record(run);
  if (!recorded) co_return;

  provider::Job job{.spec = run->task.spec,
                    .model = attempt.model,
                    .handle = attempt.handle,
                    .callback_url = {},
                    .fake_rule = run->task.spec.fake_rule,
                    .dropped = {}};
  // A refusal is too late here: the provider has the last word.
  ignore_error(run->adapter->check(run->pin->settings, desk_.services.catalog, job.model, job.spec,
                                   job.dropped),
               "it was routed under these rules or older ones");
  if (run->capabilities.callback) {
    job.callback_url = callback_url(desk_.services, desk_.options, attempt.task, attempt.number);
  }
  provider::Call call = run->adapter->create(desk_.context_of(*run), job);
  http::OutboundReply reply = co_await desk_.send(run, std::move(call));
  Outcome outcome;
  switch (reply.fault) {
    case http::Fault::kNone:
      outcome = run->adapter->read_create(
          run->pin->settings, {reply.status, std::move(reply.headers), std::move(reply.body)});
      break;
    case http::Fault::kRefused:
    case http::Fault::kNotSent:
    case http::Fault::kLocal:
      outcome.verdict = Verdict::kRetry;
      outcome.reason = reply.error;
      break;
    case http::Fault::kAmbiguous:
    case http::Fault::kTooLarge:
      outcome.verdict = Verdict::kUnknown;
      outcome.reason = reply.error;
      break;
  }
  const bool answered = reply.fault == http::Fault::kNone && outcome.verdict != Verdict::kUnknown;
  // What our own end cut off is no fault of the provider's.
  if (run->stop == RemoteRun::Stop::kNone) run->faults = answered ? 0 : run->faults + 1;
  run->refusals = answered && outcome.verdict == Verdict::kRetry ? run->refusals + 1 : 0;
  co_await act(run, std::move(outcome));
}

Awaitable<> Submission::act(std::shared_ptr<RemoteRun> run, Outcome outcome) {
  RemoteDesk::note(*run, outcome);
  switch (outcome.verdict) {
    case Verdict::kAccepted: co_await bind(run, std::move(outcome.upstream_id)); co_return;
    case Verdict::kRejected: {
      std::string code =
          outcome.failure_code.empty() ? "rejected" : std::move(outcome.failure_code);
      co_await desk_.fail(
          run, AttemptState::kFailed, std::move(code),
          provider::public_reason(outcome.reason, run->attempt.model, run->task.spec.model));
      co_return;
    }
    case Verdict::kRetry: {
      const Millis pause = outcome.retry_after.value_or(desk_.back_off(*run));
      run->gate->slow_down(desk_.services.clock.now(), pause);
      co_await not_accepted(run, pause);
      co_return;
    }
    case Verdict::kSignAgain:
      if (std::exchange(run->signed_again, true)) {
        co_await refuse_credential(run);
      } else {
        co_await not_accepted(run, outcome.retry_after.value_or(Millis{0}));
      }
      co_return;
    case Verdict::kCredential: co_await refuse_credential(run); co_return;
    case Verdict::kDuplicate: run->known_upstream = true; break;
    case Verdict::kUnknown:
    case Verdict::kRunning:
    case Verdict::kSucceeded:
    case Verdict::kFailed:
    case Verdict::kAbsent: break;  // no answer to a create: it may have been accepted
  }
  desk_.log(log::Level::kWarn, "submission_unknown", *run, outcome.reason);
  co_await desk_.remark(run);
}

Awaitable<> Submission::bind(std::shared_ptr<RemoteRun> run, std::string upstream_id) {
  store::Change bound = desk_.settle.change_of(run->task, TaskState::kRunning, "bound");
  run->attempt.state = AttemptState::kBound;
  run->attempt.upstream_id = std::move(upstream_id);
  run->attempt.bound_at = bound.at;
  run->faults = 0;
  bound.attempt_record = run->attempt;
  co_await desk_.move(run, std::move(bound));
}

// The provider has nothing of it: written down, so that a restart need not ask.
Awaitable<> Submission::not_accepted(std::shared_ptr<RemoteRun> run, Millis pause) {
  run->attempt.state = AttemptState::kAbsent;
  if (run->faults >= kFaultsToFallOver) {
    co_await desk_.requeue(run, AttemptState::kAbsent, "provider_unreachable",
                           RemoteDesk::Counts::kNo);
    co_return;
  }
  const bool recorded = co_await desk_.record(run);
  if (recorded) co_await desk_.pause(run, pause);
}

Awaitable<> Submission::refuse_credential(std::shared_ptr<RemoteRun> run) {
  desk_.refuse_credential(*run, run->attempt.reason);
  co_await desk_.requeue(run, AttemptState::kAbsent, "credential_refused", RemoteDesk::Counts::kNo,
                         RemoteDesk::Next::kSameFirst);
}

Awaitable<> Submission::reconcile(std::shared_ptr<RemoteRun> run) {
  const Timestamp now = desk_.services.clock.now();
  const provider::Capabilities& can = run->capabilities;
  if (can.lookup_by_handle || can.lookup_proves_presence) {
    const bool asked_long_enough =
        !can.lookup_by_handle && desk_.configured(*run) != nullptr &&
        now >= run->attempt.begun_at + desk_.configured(*run)->ambiguity_limit;
    if (asked_long_enough || desk_.is_past_horizon(*run)) {
      co_await give_up(run);
    } else {
      co_await look_up(run);
    }
    co_return;
  }
  if (can.free_to_repeat) {
    co_await not_accepted(run, desk_.back_off(*run));
    co_return;
  }
  // Nobody can be asked, and a second request might be a second bill.
  co_await give_up(run);
}

Awaitable<Outcome> Submission::ask_by_handle(std::shared_ptr<RemoteRun> run) {
  provider::Call call =
      run->adapter->lookup(desk_.context_of(*run), run->attempt.handle, run->attempt.begun_at);
  http::OutboundReply reply = co_await desk_.send(run, std::move(call));
  Outcome outcome;
  if (reply.fault == http::Fault::kNone) {
    outcome =
        run->adapter->read_lookup(run->pin->settings, run->attempt.handle,
                                  {reply.status, std::move(reply.headers), std::move(reply.body)});
  }
  co_return outcome;
}

Awaitable<> Submission::look_up(std::shared_ptr<RemoteRun> run) {
  Outcome outcome = co_await ask_by_handle(run);
  if (outcome.verdict == Verdict::kAccepted) {
    RemoteDesk::note(*run, outcome);
    co_await bind(run, std::move(outcome.upstream_id));
    co_return;
  }
  const bool is_absent = outcome.verdict == Verdict::kAbsent && run->capabilities.lookup_by_handle;
  if (is_absent && !run->known_upstream) {
    run->faults = 0;
    co_await count_absence(run);
    co_return;
  }
  if (outcome.verdict == Verdict::kCredential) desk_.refuse_credential(*run, outcome.reason);
  ++run->faults;
  const Millis pause =
      run->capabilities.lookup_by_handle ? desk_.back_off(*run) : kPresenceInterval;
  co_await desk_.pause(run, outcome.retry_after.value_or(pause));
}

Awaitable<> Submission::count_absence(std::shared_ptr<RemoteRun> run) {
  const Timestamp now = desk_.services.clock.now();
  Attempt& attempt = run->attempt;
  if (!attempt.first_lookup_at) attempt.first_lookup_at = now;
  ++attempt.absent_lookups;
  if (attempt.absent_lookups >= kAbsentLookups && now >= *attempt.first_lookup_at + kAbsenceSpan) {
    desk_.log(log::Level::kInfo, "submission_absent", *run, "three look-ups found nothing");
    co_await not_accepted(run, Millis{0});
    co_return;
  }
  const bool recorded = co_await desk_.record(run);
  if (recorded) co_await desk_.pause(run, kLookupInterval);
}

Awaitable<> Submission::give_up(std::shared_ptr<RemoteRun> run) {
  desk_.log(log::Level::kError, "submission_given_up", *run, run->attempt.reason);
  co_await desk_.fail(run, AttemptState::kUnknown, "unknown_submission",
                      "The provider did not confirm the task");
}

}  // namespace rushes::engine

#include "server/engine/late.h"

namespace rushes::engine {

using provider::Verdict;

Awaitable<> Late::book(std::shared_ptr<RemoteRun> run) {
  Attempt& attempt = run->attempt;
  if (attempt.upstream_id.empty()) {
    if (!run->capabilities.lookup_by_handle) co_return;
    provider::Outcome found = co_await submission_.ask_by_handle(run);
    if (found.verdict != Verdict::kAccepted) co_return;
    attempt.upstream_id = std::move(found.upstream_id);
  }
  const provider::Outcome outcome = co_await poll_.ask(run);
  if (outcome.verdict == Verdict::kSucceeded) {
    attempt.state = AttemptState::kSucceeded;
  } else if (outcome.verdict == Verdict::kFailed) {
    attempt.state = AttemptState::kFailed;
  } else {
    co_return;  // the next hint asks again
  }
  attempt.ended_at = desk_.services.clock.now();
  const auto booked = co_await desk_.services.store.book_late(attempt);
  desk_.log(log::Level::kWarn, booked ? "booked_late" : "not_booked_late", *run,
            booked ? attempt.status : booked.error().message);
}

}  // namespace rushes::engine

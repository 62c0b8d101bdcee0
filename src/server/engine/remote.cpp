#include "server/engine/remote.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

namespace rushes::engine {
namespace {

constexpr int kLeaseParts = 3;  // a lease is renewed after a third of it
constexpr size_t kRenewedAtOnce = 1'000;
// Results of one provider that are on their way here; with so many nothing new is begun there.
constexpr int kFetchingMax = 256;

}  // namespace

Remote::Remote(Services services, Options options, Executor executor, std::function<void()> on_news)
    : desk_(services, std::move(options)),
      executor_(executor),
      on_news_(std::move(on_news)),
      submission_(desk_),
      poll_(desk_),
      fetch_(desk_, poll_),
      booking_(desk_, submission_, poll_) {}

// What still waits holds its coroutine by a timer: letting go of that ends it, as a kill would.
Remote::~Remote() {
  for (const auto& runs : {std::move(runs_), std::move(late_)}) {
    for (const auto& [id, run] : runs) run->timer.reset();
  }
}

int Remote::room(const ConfiguredProvider& provider) {
  // Those that hold a place again are counted by their gate.
  const auto fetching = std::ranges::count_if(runs_, [&](const auto& entry) {
    const RemoteRun& run = *entry.second;
    return run.task.state == TaskState::kFetching && !run.counted &&
           run.task.provider == provider.settings.name;
  });
  if (fetching >= kFetchingMax) return 0;
  return desk_.gates.room(provider, desk_.services.clock.now()) -
         desk_.unplaced(provider.settings.name);
}

void Remote::begin(Task task, std::optional<Attempt> attempt) {
  auto run = std::make_shared<RemoteRun>();
  run->timer = desk_.services.timers.make(executor_);
  run->cancel_requested = task.cancel_requested;
  // An adoption may still be under way when the server stops.
  if (stopping_) run->stop = RemoteRun::Stop::kServerStops;
  if (attempt) run->attempt = std::move(*attempt);
  run->task = std::move(task);
  if (run->attempt.number == 0) {
    desk_.await_place(*run);
  } else {
    run->placed = true;
  }
  runs_.emplace(run->task.id, run);
  boost::asio::co_spawn(executor_, work(run), boost::asio::detached);
}

// One of the two catch-alls of the program, as in execute: what an attempt throws ends its work
// here. The lease runs out then, and the task is adopted again.
Awaitable<> Remote::work(std::shared_ptr<RemoteRun> run) {
  try {
    const bool opened = co_await open(run);
    TaskState known = run->task.state;
    while (opened && !run->over && run->stop == RemoteRun::Stop::kNone) {
      // The job is over there, however long its result takes to come. One that does not come holds
      // its place: more of them would be paid for, and not be kept either.
      if (run->task.state == TaskState::kFetching && run->faults == 0) run->leave();
      if (std::exchange(known, run->task.state) != run->task.state) on_news_();
      switch (run->task.state) {
        case TaskState::kSubmitting: co_await submission_.step(run); break;
        case TaskState::kRunning: co_await poll_.step(run); break;
        case TaskState::kFetching: co_await fetch_.step(run); break;
        case TaskState::kQueued:
        case TaskState::kRendering:
        case TaskState::kSucceeded:
        case TaskState::kFailed: run->over = true; break;
      }
    }
  } catch (const std::exception& error) {
    desk_.log(log::Level::kError, "attempt_threw", *run, error.what());
  }
  desk_.place(*run);
  run->leave();
  runs_.erase(run->task.id);
  on_news_();
}

// An adopted attempt goes on where it was frozen. Without its settings nobody can be asked: then
// the operator has to act (the secret of the data directory may have been replaced), until the
// horizon.
Awaitable<bool> Remote::open(std::shared_ptr<RemoteRun> run) {
  if (run->attempt.number == 0) co_return true;
  const auto opened = co_await thaw(run);
  if (opened) co_return true;
  desk_.log(log::Level::kError, "attempt_not_opened", *run, opened.error().message);
  if (desk_.is_past_horizon(*run)) {
    co_await desk_.fail(run, AttemptState::kUnknown, "expired", "Task expired");
  } else {
    co_await desk_.pause(run, desk_.options.lease);
  }
  co_return false;
}

Awaitable<Result<void>> Remote::thaw(std::shared_ptr<RemoteRun> run) {
  auto pin = co_await desk_.pins.find(run->attempt.pin);
  if (!pin) co_return std::unexpected(pin.error());
  run->adapter = desk_.services.providers.find_adapter((*pin)->settings.adapter);
  if (run->adapter == nullptr) co_return fail(ErrorCode::kNotFound, "no adapter of that name");
  run->pin = std::move(*pin);
  run->capabilities = run->adapter->capabilities(run->pin->settings);
  run->enter(desk_.gates.of(run->attempt.provider, run->attempt.credential));
  co_return Result<void>();
}

void Remote::cancel(TaskId id) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) return;
  // Told again with every renewal: only the first time is news.
  if (std::exchange(found->second->cancel_requested, true)) return;
  if (found->second->timer) found->second->timer->wake();
}

void Remote::hint(TaskId id, int attempt) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) {
    boost::asio::co_spawn(executor_, book_late(id, attempt), boost::asio::detached);
    return;
  }
  if (found->second->task.attempt != attempt) return;
  found->second->hinted = true;
  found->second->timer->wake();
}

Awaitable<> Remote::book_late(TaskId id, int attempt) {
  auto attempts = co_await desk_.services.store.list_attempts(id);
  if (!attempts || attempts->empty()) co_return;
  const bool was_given_up =
      attempts->back().number == attempt && attempts->back().state == AttemptState::kUnknown;
  if (!was_given_up || late_.contains(id) || stopping_) co_return;
  auto run = std::make_shared<RemoteRun>();
  run->timer = desk_.services.timers.make(executor_);
  run->attempt = std::move(attempts->back());
  run->task.id = id;
  run->task.attempt = attempt;
  run->task.provider = run->attempt.provider;
  late_.emplace(id, run);
  const auto opened = co_await thaw(run);
  if (opened) co_await booking_.book(run);
  run->leave();
  late_.erase(id);
  on_news_();
}

void Remote::stop() {
  stopping_ = true;
  for (const auto* runs : {&runs_, &late_}) {
    for (const auto& [id, run] : *runs) {
      if (run->stop == RemoteRun::Stop::kNone) run->stop = RemoteRun::Stop::kServerStops;
      run->timer->wake();
    }
  }
}

Awaitable<> Remote::tick() {
  const Timestamp now = desk_.services.clock.now();
  std::vector<std::shared_ptr<RemoteRun>> runs;  // the table may change while we wait
  for (const auto& [id, run] : runs_) runs.push_back(run);
  for (const auto& run : runs) {
    if (run->percent <= run->recorded_percent) continue;
    run->recorded_percent = run->percent;
    const auto recorded = co_await desk_.services.store.record_progress(
        run->task.id, run->task.attempt, run->percent);
    ignore_error(recorded, "a percentage is news, not a promise; the next one comes soon");
  }
  if (runs.empty() || now < renewed_at_ + desk_.options.lease / kLeaseParts) co_return;
  for (size_t first = 0; first < runs.size(); first += kRenewedAtOnce) {
    const size_t last = std::min(runs.size(), first + kRenewedAtOnce);
    std::vector<TaskId> ids;
    for (size_t i = first; i < last; ++i) ids.push_back(runs[i]->task.id);
    auto renewed = co_await desk_.services.store.renew_leases(desk_.options.node, std::move(ids),
                                                              now + desk_.options.lease);
    if (!renewed) co_return;  // asked again at the next tick, until the leases are gone
    std::ranges::sort(renewed->held);
    for (const TaskId id : renewed->cancel_requested) cancel(id);
    for (size_t i = first; i < last; ++i) {
      if (std::ranges::binary_search(renewed->held, runs[i]->task.id) || runs[i]->over) continue;
      runs[i]->stop = RemoteRun::Stop::kLeaseLost;
      if (runs[i]->timer) runs[i]->timer->wake();
    }
  }
  renewed_at_ = now;
}

}  // namespace rushes::engine

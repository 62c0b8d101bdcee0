#include "server/engine/execute.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <filesystem>

#include "core/provider/previz/render_job.h"
#include "edge/platform/files.h"

namespace rushes::engine {
namespace {

constexpr int kLeaseParts = 3;  // a lease is renewed after a third of it

}  // namespace

Execute::Execute(Services services, Options options, Executor executor,
                 std::function<void()> on_news)
    : services_(services),
      options_(options),
      executor_(executor),
      on_news_(std::move(on_news)),
      complete_(services, options),
      settle_(services, options) {}

Execute::~Execute() {
  // A render that waits holds its coroutine, and the coroutine its Run: one of them must let go.
  const auto running = std::move(running_);
  for (const auto& [id, run] : running) run->rendering.reset();
}

void Execute::begin(Task task) {
  auto run = std::make_shared<Run>();
  run->work_directory =
      fmt::format("{}/{}-{}", options_.work_directory, task.id.to_string(), task.attempt);
  if (task.cancel_requested) run->stop_reason = StopReason::kCancelled;
  run->task = std::move(task);
  running_.emplace(run->task.id, run);
  boost::asio::co_spawn(executor_, execute(run), boost::asio::detached);
  on_news_();
}

// One of the two catch-alls of the program: whatever an attempt throws ends that attempt only. Its
// lease runs out then, and the task is taken again.
Awaitable<> Execute::execute(std::shared_ptr<Run> run) {
  try {
    RenderOutcome outcome = co_await render(run);
    co_await settle(run, std::move(outcome));
  } catch (const std::exception& error) {
    services_.logger.write(
        log::Level::kError, "attempt_threw",
        {{"task", run->task.id.to_string()}, {"reason", std::string_view(error.what())}});
  }
  std::error_code ignored;  // the directory is emptied at the next start at the latest
  std::filesystem::remove_all(run->work_directory, ignored);
  running_.erase(run->task.id);
  on_news_();
}

Awaitable<RenderOutcome> Execute::render(std::shared_ptr<Run> run) {
  RenderOutcome outcome;
  if (run->stop_reason != StopReason::kNone) {
    outcome.kind = RenderOutcome::Kind::kStopped;
    co_return outcome;
  }
  const auto output = services_.catalog.output(run->task.spec);
  if (!output) {
    outcome.error = output.error().message;
    co_return outcome;
  }
  run->deadline = services_.clock.now() + options_.start_allowance +
                  options_.seconds_per_frame * output->frame_count;
  std::error_code ignored;
  std::filesystem::remove_all(run->work_directory, ignored);
  if (const auto made = files::ensure_directory(run->work_directory, 0700); !made) {
    outcome.error = made.error().message;
    co_return outcome;
  }
  RenderRequest request{
      provider::previz::render_job(
          run->task, *output, {.scale = options_.scale, .threads = options_.threads_per_child}),
      run->work_directory};
  auto started = services_.renderer.start(
      std::move(request), executor_, [run = run.get()](int percent) { run->percent = percent; });
  if (!started) {
    outcome.error = started.error().message;
    co_return outcome;
  }
  run->rendering = std::move(*started);
  outcome = co_await run->rendering->wait();
  co_return outcome;
}

Awaitable<> Execute::settle(std::shared_ptr<Run> run, RenderOutcome outcome) {
  if (outcome.kind == RenderOutcome::Kind::kStopped) {
    co_await settle_stopped(run);
    co_return;
  }
  if (outcome.kind == RenderOutcome::Kind::kFailed) {
    co_await settle_failure(run->task, outcome.error);
    co_return;
  }
  Task task = run->task;
  const auto completed =
      co_await complete_.complete(std::move(task), std::move(outcome), run->work_directory);
  if (completed) co_return;
  const Error& error = completed.error();
  if (error.code == ErrorCode::kConflict) {
    services_.logger.write(log::Level::kWarn, "task_lost",
                           {{"task", run->task.id.to_string()}, {"reason", error.message}});
    co_return;
  }
  if (error.code == ErrorCode::kCorrupt) {
    co_await settle_failure(run->task, error.message);
    co_return;
  }
  // The disk or the store refuses: not the renderer's fault, so it is no failure of the task.
  store::Change back = settle_.requeue_of(run->task, "requeued", options_.retry_delay);
  back.event_detail = error.message;
  co_await apply(std::move(back));
}

Awaitable<> Execute::settle_failure(Task task, std::string why) {
  services_.logger.write(
      log::Level::kWarn, "render_failed",
      {{"task", task.id.to_string()}, {"attempt", task.attempt}, {"reason", why}});
  const int failures = task.failures + 1;
  if (failures < options_.attempts_max) {
    store::Change retry = settle_.requeue_of(task, "render_failed", settle_.retry_delay(failures));
    retry.event_detail = std::move(why);
    retry.counts_as_failure = true;
    co_await apply(std::move(retry));
    co_return;
  }
  store::Change failed =
      settle_.failure_of(task, "render_failed", "The video could not be rendered");
  failed.event_detail = std::move(why);
  const auto settled = co_await settle_.fail_task(std::move(task), std::move(failed));
  ignore_error(settled, "it is not ours any more, or is taken back when the lease runs out");
}

Awaitable<> Execute::settle_stopped(std::shared_ptr<Run> run) {
  switch (run->stop_reason) {
    case StopReason::kCancelled: {
      store::Change failed = settle_.failure_of(run->task, "cancelled", "Task was cancelled");
      const auto settled = co_await settle_.fail_task(run->task, std::move(failed));
      ignore_error(settled, "it is not ours any more, or is taken back when the lease runs out");
      co_return;
    }
    case StopReason::kTooSlow:
      co_await settle_failure(run->task, "the render took longer than its time limit");
      co_return;
    case StopReason::kHandedBack: {
      store::Change back = settle_.requeue_of(run->task, "handed_back", std::nullopt);
      back.event_detail = "the server stopped";
      co_await apply(std::move(back));
      co_return;
    }
    case StopReason::kLeaseLost:
    case StopReason::kNone: co_return;  // another node's task now: nothing of it is ours to write
  }
}

Awaitable<> Execute::apply(store::Change change) {
  const auto applied = co_await settle_.apply(std::move(change));
  ignore_error(applied, "it is not ours any more, or is taken back when the lease runs out");
}

void Execute::stop(Run& run, StopReason reason) {
  if (run.stop_reason != StopReason::kNone) return;
  run.stop_reason = reason;
  if (run.rendering != nullptr) run.rendering->stop();
}

void Execute::cancel(TaskId id) {
  const auto found = running_.find(id);
  if (found != running_.end()) stop(*found->second, StopReason::kCancelled);
}

void Execute::hand_back() {
  for (const auto& [id, run] : running_) stop(*run, StopReason::kHandedBack);
}

Awaitable<> Execute::tick() {
  const Timestamp now = services_.clock.now();
  std::vector<std::shared_ptr<Run>> runs;  // the table may change while we wait
  std::vector<TaskId> ids;
  for (const auto& [id, run] : running_) {
    runs.push_back(run);
    ids.push_back(id);
    if (run->rendering != nullptr && now > run->deadline) stop(*run, StopReason::kTooSlow);
  }
  for (const auto& run : runs) {
    if (run->percent <= run->recorded_percent) continue;
    run->recorded_percent = run->percent;
    const auto recorded =
        co_await services_.store.record_progress(run->task.id, run->task.attempt, run->percent);
    ignore_error(recorded, "a percentage is news, not a promise; the next one comes soon");
  }
  if (ids.empty() || now < renewed_at_ + options_.lease / kLeaseParts) co_return;
  const auto renewed =
      co_await services_.store.renew_leases(options_.node, std::move(ids), now + options_.lease);
  if (!renewed) co_return;  // asked again at the next tick, until the lease is gone
  renewed_at_ = now;
  for (const auto& run : runs) {
    const TaskId id = run->task.id;
    if (std::ranges::find(renewed->cancel_requested, id) != renewed->cancel_requested.end()) {
      stop(*run, StopReason::kCancelled);
    }
    if (std::ranges::find(renewed->held, id) == renewed->held.end()) {
      stop(*run, StopReason::kLeaseLost);
    }
  }
}

}  // namespace rushes::engine

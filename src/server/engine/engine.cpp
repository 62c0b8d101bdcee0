#include "server/engine/engine.h"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "server/engine/claim.h"
#include "server/engine/clean.h"
#include "server/engine/execute.h"
#include "server/engine/rescue.h"
#include "server/engine/submit.h"

namespace rushes::engine {
namespace {

constexpr Millis kRescueRetryDelay{1'000};

// The duties and the three loops that drive them; everything but submit and cancel's first half
// runs on the thread of `context`.
class LocalEngine final : public Engine {
 public:
  LocalEngine(boost::asio::io_context& context, Services services, Options options)
      : context_(context),
        services_(services),
        options_(options),
        submit_(services),
        execute_(services, options, context.get_executor(), [this] { claim_timer_->wake(); }),
        claim_(services, options, execute_),
        rescue_(services, options),
        clean_(services, options),
        claim_timer_(services.timers.make(context.get_executor())),
        tick_timer_(services.timers.make(context.get_executor())),
        clean_timer_(services.timers.make(context.get_executor())) {}

  Awaitable<Result<store::Created>> submit(store::NewTask task) override {
    auto created = co_await submit_.submit(std::move(task));
    if (created && created->kind == store::Created::Kind::kNew) {
      tell([this] { claim_timer_->wake(); });
    }
    co_return created;
  }

  Awaitable<Result<bool>> cancel(AccountId account, TaskId id) override {
    const Timestamp now = services_.clock.now();
    const auto marked = co_await services_.store.request_cancel(account, id, now);
    if (!marked || !*marked) co_return marked;
    const auto task = co_await services_.store.find_task(account, id);
    if (task && *task && (*task)->state == TaskState::kQueued) {
      co_return co_await cancel_queued(**task, now);
    }
    tell([this, id] { execute_.cancel(id); });
    co_return true;
  }

  void start() override {
    works_ = true;
    boost::asio::post(context_, [this] {
      if (started_) return;
      started_ = true;
      boost::asio::co_spawn(context_, work(), boost::asio::detached);
    });
  }

  void stop() override {
    works_ = false;
    boost::asio::post(context_, [this] {
      stopping_ = true;
      execute_.hand_back();
      for (Timer* timer : {claim_timer_.get(), tick_timer_.get(), clean_timer_.get()})
        timer->wake();
    });
  }

 private:
  // A message to the engine's thread. One that never started (a server of role `api`) has nobody to
  // read it: then it is dropped, and the marks in the store say the same to those who work.
  template <class Message>
  void tell(Message message) {
    if (works_) boost::asio::post(context_, std::move(message));
  }

  Awaitable<Result<bool>> cancel_queued(Task task, Timestamp now) {
    store::Change change;
    change.id = task.id;
    change.from = TaskState::kQueued;
    change.attempt = task.attempt;
    change.to = TaskState::kFailed;
    change.at = now;
    change.event_name = "failed";
    change.failure_code = "cancelled";
    change.failure_message = "Task was cancelled";
    change.price_final = 0;
    const auto changed = co_await services_.store.change_task(std::move(change));
    if (changed) co_return true;
    if (changed.error().code != ErrorCode::kConflict) co_return std::unexpected(changed.error());
    // It was claimed between the two lines: the mark, or this message, stops the render.
    tell([this, id = task.id] { execute_.cancel(id); });
    co_return true;
  }

  Awaitable<> work() {
    while (!stopping_) {
      const auto taken_back = co_await rescue_.take_back_own();
      if (taken_back) break;
      co_await claim_timer_->wait(kRescueRetryDelay);
    }
    if (stopping_) co_return;
    boost::asio::co_spawn(context_, claim_loop(), boost::asio::detached);
    boost::asio::co_spawn(context_, tick_loop(), boost::asio::detached);
    boost::asio::co_spawn(context_, clean_loop(), boost::asio::detached);
  }

  Awaitable<> claim_loop() {
    while (!stopping_) {
      const Millis pause = co_await claim_.claim();
      if (!stopping_) co_await claim_timer_->wait(pause);
    }
    execute_.hand_back();  // what the last claim brought while stop() was under way
  }

  Awaitable<> tick_loop() {
    Timestamp rescued_at = services_.clock.now();
    while (!stopping_ || !execute_.idle()) {
      co_await tick_timer_->wait(options_.tick);
      co_await execute_.tick();
      if (stopping_) execute_.hand_back();
      if (services_.clock.now() < rescued_at + options_.lease) continue;
      rescued_at = services_.clock.now();
      co_await rescue_.requeue_expired();
    }
  }

  Awaitable<> clean_loop() {
    while (!stopping_) {
      const bool more = co_await clean_.clean_batch();
      if (!more && !stopping_) co_await clean_timer_->wait(options_.clean_interval);
    }
  }

  boost::asio::io_context& context_;
  Services services_;
  Options options_;
  Submit submit_;
  Execute execute_;
  Claim claim_;
  Rescue rescue_;
  Clean clean_;
  std::unique_ptr<Timer> claim_timer_, tick_timer_, clean_timer_;
  bool started_ = false, stopping_ = false;
  std::atomic<bool> works_{false};  // read by the threads that submit
};

// A LocalEngine with a thread.
class ThreadedEngine final : public Engine {
 public:
  ThreadedEngine(Services services, Options options)
      : engine_(context_, services, std::move(options)) {}
  ~ThreadedEngine() override { stop(); }

  Awaitable<Result<store::Created>> submit(store::NewTask task) override {
    return engine_.submit(std::move(task));
  }
  Awaitable<Result<bool>> cancel(AccountId account, TaskId id) override {
    return engine_.cancel(std::move(account), id);
  }

  void start() override {
    if (thread_.joinable() || stopped_) return;
    engine_.start();
    thread_ = std::thread([this] { context_.run(); });
  }

  // The context runs out of work when the last loop and the last render have ended.
  void stop() override {
    if (stopped_) return;
    stopped_ = true;
    if (!thread_.joinable()) return;
    engine_.stop();
    thread_.join();
  }

 private:
  boost::asio::io_context context_{1};
  LocalEngine engine_;
  std::thread thread_;
  bool stopped_ = false;
};

}  // namespace

std::unique_ptr<Engine> make_engine(Services services, Options options) {
  return std::make_unique<ThreadedEngine>(services, std::move(options));
}

std::unique_ptr<Engine> make_engine_on(boost::asio::io_context& context, Services services,
                                       Options options) {
  return std::make_unique<LocalEngine>(context, services, std::move(options));
}

}  // namespace rushes::engine

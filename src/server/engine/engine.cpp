#include "server/engine/engine.h"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "base/bytes.h"
#include "server/engine/claim.h"
#include "server/engine/clean.h"
#include "server/engine/deliver.h"
#include "server/engine/execute.h"
#include "server/engine/remote.h"
#include "server/engine/rescue.h"
#include "server/engine/submit.h"
#include "server/engine/webhook_secrets.h"

namespace rushes::engine {
namespace {

constexpr Millis kRescueRetryDelay{1'000};

DeliverServices deliver_services(const Services& services) {
  return {services.store,
          services.network,
          services.clock,
          services.entropy,
          services.timers,
          services.logger,
          [&secret = services.secret](const AccountId& account, std::string_view sealed) {
            return open_webhook_secret(secret, account, sealed);
          }};
}

DeliverOptions deliver_options(const Options& options) {
  DeliverOptions deliver;
  deliver.node = options.node;
  deliver.check_interval = options.deliver_check_interval;
  return deliver;
}

// The duties and the three loops that drive them; everything but submit and cancel's first half
// runs on the thread of `context`.
class LocalEngine final : public Engine {
 public:
  LocalEngine(boost::asio::io_context& context, Services services, Options options)
      : context_(context),
        services_(services),
        options_(options),
        submit_(services),
        execute_(services, options, context.get_executor(), [this] { look_around(); }),
        remote_(services, options, context.get_executor(), [this] { look_around(); }),
        claim_(services, options, execute_, remote_),
        rescue_(services, options, remote_),
        clean_(services, options),
        deliver_(deliver_services(services), deliver_options(options), context.get_executor()),
        claim_timer_(services.timers.make(context.get_executor())),
        tick_timer_(services.timers.make(context.get_executor())),
        clean_timer_(services.timers.make(context.get_executor())) {}

  Awaitable<Result<store::Created>> submit(std::unique_ptr<store::NewTask> wanted) override {
    auto created = co_await submit_.submit(std::move(wanted));
    if (created && created->kind == store::Created::Kind::kNew) announce(*created->task);
    co_return created;
  }

  Awaitable<Result<Cancel>> cancel(AccountId account, TaskId id) override {
    const Timestamp now = services_.clock.now();
    const auto task = co_await services_.store.find_task(account, id);
    if (!task) co_return std::unexpected(task.error());
    if (!*task) co_return Cancel::kUnknown;
    if (is_too_late(**task)) co_return Cancel::kTooLate;
    const auto marked = co_await services_.store.request_cancel(account, id, now);
    if (!marked) co_return std::unexpected(marked.error());
    if (!*marked) co_return Cancel::kUnknown;
    if ((*task)->state == TaskState::kQueued) co_return co_await cancel_queued(**task, now);
    tell([this, id] { end_work(id); });
    co_return Cancel::kWillEnd;
  }

  bool hint(TaskId id, int attempt, std::string_view secret) override {
    const std::string expected = Submission::callback_secret(services_, id, attempt);
    if (!equal_constant_time(secret, expected)) return false;
    tell([this, id, attempt] { remote_.hint(id, attempt); });
    return true;
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
      if (!std::exchange(stopping_, true)) {
        cut_off_at_ = services_.clock.monotonic() + options_.stop_grace;
      }
      execute_.hand_back();
      remote_.stop();
      deliver_.stop();
      for (Timer* timer : {claim_timer_.get(), tick_timer_.get(), clean_timer_.get()})
        timer->wake();
    });
  }

 private:
  // A message to the engine's thread. One that never started (a server of role `api`) has nobody to
  // read it: then it is dropped. Those who work find creates and cancels in the store, and what a
  // hint was about with their next poll.
  template <class Message>
  void tell(Message message) {
    if (works_) boost::asio::post(context_, std::move(message));
  }

  // The first create after a claim that left room is a message; the others, and those while all
  // places are taken, are found by the next claim.
  void announce(const Task& task) {
    if (!task.spec.callback_url.empty()) tell([this] { deliver_.wake(); });
    if (has_room_.exchange(false)) tell([this] { claim_timer_->wake(); });
  }

  // There may be room for another task, and a callback that is owed.
  void look_around() {
    claim_timer_->wake();
    deliver_.wake();
  }

  void end_work(TaskId id) {
    execute_.cancel(id);
    remote_.cancel(id);
  }

  bool is_too_late(const Task& task) const {
    if (task.state != TaskState::kRunning && task.state != TaskState::kFetching) return false;
    const ConfiguredProvider* provider = services_.providers.find(task.provider);
    return provider == nullptr || !provider->adapter->capabilities(provider->settings).cancel;
  }

  Awaitable<Result<Cancel>> cancel_queued(Task task, Timestamp now) {
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
    if (changed) co_return Cancel::kWillEnd;
    if (changed.error().code != ErrorCode::kConflict) co_return std::unexpected(changed.error());
    // It was claimed between the two lines: the mark, or this message, stops the work.
    tell([this, id = task.id] { end_work(id); });
    co_return Cancel::kWillEnd;
  }

  Awaitable<> work() {
    while (!stopping_) {
      const auto taken_back = co_await rescue_.take_back_own();
      if (taken_back) break;
      co_await claim_timer_->wait(kRescueRetryDelay);
    }
    // In any case: what was adopted before a stop has to be wound up.
    boost::asio::co_spawn(context_, tick_loop(), boost::asio::detached);
    if (stopping_) co_return;
    deliver_.start();
    boost::asio::co_spawn(context_, claim_loop(), boost::asio::detached);
    boost::asio::co_spawn(context_, clean_loop(), boost::asio::detached);
  }

  Awaitable<> claim_loop() {
    while (!stopping_) {
      has_room_ = true;  // before the queue is looked at: what comes after is announced
      const Millis pause = co_await claim_.claim();
      has_room_ = claim_.has_room();  // if not, look_around() or the next claim finds it again
      if (!stopping_) co_await claim_timer_->wait(pause);
    }
    execute_.hand_back();  // what the last claim brought while stop() was under way
    remote_.stop();
  }

  Awaitable<> tick_loop() {
    Timestamp rescued_at = services_.clock.now();
    while (!stopping_ || !is_idle()) {
      co_await tick_timer_->wait(options_.tick);
      co_await execute_.tick();
      co_await remote_.tick();
      if (stopping_) wind_up();
      if (services_.clock.now() < rescued_at + options_.lease) continue;
      rescued_at = services_.clock.now();
      if (!stopping_) co_await rescue_.take_expired();
    }
    services_.network.stop();
    // What providers have goes on elsewhere, or here after the next start.
    const auto released = co_await services_.store.release_leases(options_.node);
    ignore_error(released, "the leases run out by themselves");
  }

  bool is_idle() const { return execute_.idle() && remote_.idle() && deliver_.idle(); }

  // Everybody knows by now that the server stops, so that no reply that is cut off here is taken
  // for the other side's fault. Holds this thread up only until those of the network have ended,
  // and they wait for nobody but the disk.
  void wind_up() {
    execute_.hand_back();
    remote_.stop();
    if (services_.clock.monotonic() < cut_off_at_) return;
    services_.network.stop();
    services_.media.stop();
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
  Remote remote_;
  Claim claim_;
  Rescue rescue_;
  Clean clean_;
  Deliver deliver_;
  std::unique_ptr<Timer> claim_timer_, tick_timer_, clean_timer_;
  bool started_ = false, stopping_ = false;
  std::chrono::steady_clock::time_point cut_off_at_{};  // set while stopping
  std::atomic<bool> works_{false};                      // read by the threads that submit
  std::atomic<bool> has_room_{false};                   // cleared by the first of them
};

// A LocalEngine with a thread.
class ThreadedEngine final : public Engine {
 public:
  ThreadedEngine(Services services, Options options)
      : engine_(context_, services, std::move(options)) {}
  ~ThreadedEngine() override { stop(); }

  Awaitable<Result<store::Created>> submit(std::unique_ptr<store::NewTask> wanted) override {
    return engine_.submit(std::move(wanted));
  }
  Awaitable<Result<Cancel>> cancel(AccountId account, TaskId id) override {
    return engine_.cancel(std::move(account), id);
  }
  bool hint(TaskId id, int attempt, std::string_view secret) override {
    return engine_.hint(id, attempt, secret);
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

// The engine in a simulated world, for tests: one thread, a clock that the test moves, a scripted
// renderer, a store and blobs that outlive crashes.
#pragma once

#include <gmock/gmock.h>

#include "base/log/recording_logger.h"
#include "edge/store/conformance.h"
#include "edge/store/memory/memory_store.h"
#include "server/engine/engine.h"
#include "testing/crashing.h"
#include "testing/fake_clock.h"
#include "testing/fakes.h"
#include "testing/scripted_network.h"

namespace rushes::engine {

class World {
 public:
  explicit World(Options options = {}, uint64_t seed = 1) : entropy(seed), options_(options) {
    options_.work_directory = directory_.path() + "/work";
    frame_count = store::value_of(catalog.output(spec())).frame_count;
  }
  ~World() { crash(); }

  static Spec spec() {
    Spec made;
    made.model = "kling-v2-6";
    made.prompt = "a fox in the snow";
    made.duration_s = 5;
    return made;
  }

  // A process begins: an engine over what the disk holds.
  void start() {
    io_ = std::make_unique<boost::asio::io_context>(1);
    engine_ = make_engine_on(*io_, services(), options_);
    engine_->start();
    settle();
  }

  Services services() {
    return {store,   crashing_blobs, catalog, providers, secret, renderer,
            network, media,          clock,   entropy,   clock,  log};
  }

  void stop() {
    engine_->stop();
    settle();
  }

  // The process is killed: nothing that waits will ever go on.
  void crash() {
    renderer.renders.clear();
    clock.forget_waits();
    network.forget();
    engine_.reset();
    point.forget();
    io_.reset();
  }

  // A clean stop, a pause, and a new start; the ticks of a month would take seconds.
  void restart_after(Millis pause) {
    stop();
    crash();
    clock.move_to(clock.now() + pause);
    start();
  }

  // Everything that can happen without time passing happens.
  void settle() {
    while (!point.crashed() && io_->poll_one() > 0) io_->restart();
    io_->restart();
  }

  void pass(Millis duration) {
    const Timestamp end = clock.now() + duration;
    while (!point.crashed()) {
      settle();
      const auto next = clock.next_deadline();
      if (!next || *next > end) break;
      clock.move_to(*next);
    }
    clock.move_to(end);
    settle();
  }

  // One operation of the engine, driven to its end.
  template <class T>
  std::optional<T> ask(Awaitable<Result<T>> operation) {
    std::optional<T> answer;
    boost::asio::co_spawn(*io_, std::move(operation),
                          [&](std::exception_ptr error, Result<T> result) {
                            if (!error && result) answer = *std::move(result);
                          });
    settle();
    return answer;
  }

  TaskId submit(const std::string& account = "alice") {
    return ask(engine_->submit(std::make_unique<store::NewTask>(new_task(account))))
        .value()
        .task->id;
  }

  store::NewTask new_task(const std::string& account = "alice") {
    store::NewTask wanted;
    wanted.task.account = {account};
    wanted.task.spec = spec();
    wanted.task.price_estimate = 30;
    return wanted;
  }

  Task task(TaskId id, const std::string& account = "alice") {
    return store::value_of(store::run(durable_store->find_task({account}, id))).value();
  }

  std::vector<std::string> events(TaskId id) {
    std::vector<std::string> names;
    for (const TaskEvent& event : store::value_of(store::run(durable_store->list_events(id)))) {
      names.push_back(event.name);
    }
    return names;
  }

  std::vector<store::LedgerLine> ledger(const std::string& account = "alice") {
    return store::value_of(store::run(durable_store->list_ledger({account}, 1000)));
  }

  std::vector<Attempt> attempts(TaskId id) {
    return store::value_of(store::run(durable_store->list_attempts(id)));
  }

  Engine& engine() { return *engine_; }
  const Options& options() const { return options_; }

  // The disk.
  store::PlainOutbox outbox;
  std::unique_ptr<store::Store> durable_store = store::make_memory_store(&outbox);
  testing::MemoryBlobs durable_blobs;
  // The process.
  testing::CrashPoint point;
  testing::CrashingStore store{*durable_store, point};
  testing::CrashingBlobs crashing_blobs{durable_blobs, point};
  testing::FakeClock clock;
  testing::SeededEntropy entropy;
  testing::ScriptedRenderer renderer;
  testing::ScriptedNetwork network;
  testing::FixedMedia media;
  log::RecordingLogger log;
  catalog::Catalog catalog = store::value_of(catalog::Catalog::parse(catalog::Catalog::built_in()));
  const access::ServerSecret secret = store::value_of(
      access::ServerSecret::create(std::string(access::kServerSecretSizeBytes, 's')));
  Providers providers = testing::only_previz();
  int frame_count = 0;

 private:
  store::TemporaryDirectory directory_;
  Options options_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace rushes::engine

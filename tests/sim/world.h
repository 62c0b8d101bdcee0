// SimWorld: the engine in its simulated surroundings, and the steps that a seed chooses from.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dialect/kling/kling.h"
#include "core/provider/kling/kling.h"
#include "core/provider/previz/adapter.h"
#include "invariants.h"
#include "network.h"
#include "server/app/outbox.h"
#include "server/engine/engine.h"
#include "testing/crashing.h"
#include "testing/fake_clock.h"
#include "testing/fakes.h"

namespace rushes::sim {

class SimWorld {
 public:
  explicit SimWorld(uint64_t seed);
  ~SimWorld();

  // Something happens; its name, for the story of a failure.
  std::string step();
  // The weather clears, and everything gets its time.
  void calm_down();

  std::vector<std::string> broken_promises();
  std::vector<std::string> unfinished_business();
  int task_count() const { return static_cast<int>(known_.acknowledged.size()); }

 private:
  void start();
  void crash();
  void stop();
  void settle();
  void pass(Millis duration);
  std::string submit();
  std::string cancel();
  std::string hint();
  std::string change_weather();
  std::string change_configuration();
  engine::Providers configure(bool with_spare);
  Evidence evidence();
  int below(int bound) { return chance_.below(bound); }

  testing::SeededEntropy chance_;
  testing::FakeClock clock_;
  catalog::Catalog catalog_;
  access::ServerSecret secret_;
  dialect::kling::KlingDialect dialect_;
  provider::kling::KlingAdapter kling_;
  provider::previz::PrevizAdapter previz_;

  // The world outside, and the disk.
  provider::fake::FakeUpstream upstream_;
  SimNetwork network_;
  app::CallbackOutbox outbox_;
  std::unique_ptr<store::Store> durable_store_;
  testing::MemoryBlobs durable_blobs_;
  std::string work_directory_;
  Known known_;

  // The process.
  testing::CrashPoint point_;
  testing::CrashingStore store_;
  testing::CrashingBlobs blobs_;
  testing::ScriptedRenderer renderer_;
  std::unique_ptr<engine::MediaTool> media_;
  testing::SilentLogger logger_;
  engine::Providers providers_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<engine::Engine> engine_;
  int next_name_ = 0;
};

}  // namespace rushes::sim

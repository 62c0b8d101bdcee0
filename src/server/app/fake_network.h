// FakeNetwork: an Outbound around the real one that answers for the offline twins itself. Every
// provider with the adapter `fake` and without a base_url is a FakeUpstream in this process, with
// an origin of its own that no resolver knows (RFC 2606); nothing of it touches the network.
//
// Owned by server/app. send() may be called from any thread, as Outbound promises; the twins, their
// delays, their callbacks and their videos live on one thread of this class, so that none of them
// holds anybody else up.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/log/logger.h"
#include "core/provider/fake/upstream.h"
#include "core/task/task.h"
#include "edge/http/outbound.h"
#include "edge/platform/timer.h"
#include "server/app/test_card.h"
#include "server/config/config.h"

namespace rushes::app {

// One twin of the configuration.
struct FakeSite {
  std::string origin;  // "http://NAME.fake.invalid"
  provider::fake::RuleBook rules;
};

// Whether `given` is made in this process.
bool is_in_process(const config::Config::Provider& given);
// kInvalidInput says what is wrong with its name or its rules.
Result<FakeSite> load_fake_site(const config::Config::Provider& given);
// Those of the whole configuration.
Result<std::vector<FakeSite>> load_fake_sites(const config::Config& config);

// kInvalidInput, in words for a client, unless one of the twins would take it as X-Rushes-Fake.
Result<void> check_fake_rule(const std::vector<FakeSite>& sites, std::string_view rule);

// All of it outlives the network.
struct FakeServices {
  http::Outbound& real;
  const Clock& clock;
  Timers& timers;
  log::Logger& logger;
};

// What a twin's callback comes to: Engine::hint, as for a real provider.
using FakeHint = std::function<void(TaskId task, int attempt, std::string_view secret)>;

class FakeNetwork final : public http::Outbound {
 public:
  // Cards are made in `work_directory`.
  FakeNetwork(FakeServices services, const std::vector<FakeSite>& sites,
              std::string work_directory);
  ~FakeNetwork() override { stop(); }

  // Idempotent. Requests wait for start(). `hint` is called until stop(), which answers those that
  // wait at once, and stops the real network with the twins.
  void start(FakeHint hint);
  void stop() override;

  Awaitable<http::OutboundReply> send(http::OutboundRequest request) override;

 private:
  struct Site {
    std::string host;
    std::optional<provider::fake::VideoWanted> wanted;  // by the request that is being answered
    std::unique_ptr<provider::fake::FakeUpstream> upstream;
  };

  Site* find(const http::OutboundRequest& request);
  Awaitable<> serve(Site* site, http::OutboundRequest request,
                    Completion<http::OutboundReply> done);
  Awaitable<http::OutboundReply> answer(Site* site, http::OutboundRequest request);
  Awaitable<> pause(Millis duration);
  Awaitable<> call_back();
  void deliver(const provider::fake::Callback& callback);

  const FakeServices services_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> guard_{context_.get_executor()};
  // Everything below but `stopping_` belongs to the thread.
  std::vector<std::unique_ptr<Site>> sites_;  // the list itself never changes
  TestCards cards_;
  std::unique_ptr<Timer> callback_timer_;
  std::set<Timer*> waiting_;
  FakeHint hint_;
  bool ending_ = false;

  std::mutex mutex_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace rushes::app

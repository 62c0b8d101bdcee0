// The network as a test sees it: every request is kept, and answered as the test says, at once or
// when it says so.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "edge/http/outbound.h"

namespace rushes::testing {

// One thread. Outlived by nothing that waits on it: see forget().
class ScriptedNetwork final : public http::Outbound {
 public:
  struct Exchange {
    http::OutboundRequest request;
    Completion<http::OutboundReply> done;  // set while somebody waits
  };

  // What the other side says; nothing: it does not answer, until the test calls reply().
  using Answer = std::function<std::optional<http::OutboundReply>(const http::OutboundRequest&)>;

  Awaitable<http::OutboundReply> send(http::OutboundRequest request) override {
    if (stopped_) co_return fault(http::Fault::kNotSent);
    auto exchange = std::make_shared<Exchange>(std::move(request), nullptr);
    exchanges.push_back(exchange);
    if (auto now = answer(exchange->request)) co_return *std::move(now);
    auto start = [exchange](Completion<http::OutboundReply> done) {
      exchange->done = std::move(done);
    };
    co_return co_await await_completion<http::OutboundReply>(std::move(start));
  }

  // Whoever waits: its request has left.
  void stop() override {
    stopped_ = true;
    for (size_t i = 0; i < exchanges.size(); ++i) {
      if (exchanges[i]->done) reply(i, fault(http::Fault::kAmbiguous));
    }
  }

  void reply(size_t index, http::OutboundReply reply) {
    std::exchange(exchanges.at(index)->done, nullptr)(std::move(reply));
  }
  size_t waiting() const {
    return static_cast<size_t>(std::ranges::count_if(
        exchanges, [](const auto& exchange) { return static_cast<bool>(exchange->done); }));
  }
  // The process is gone: what waited is forgotten.
  void forget() {
    for (const auto& exchange : exchanges) exchange->done = nullptr;
    stopped_ = false;
  }

  static http::OutboundReply status(int status, wire::Headers headers = {}) {
    http::OutboundReply reply;
    reply.status = status;
    reply.headers = std::move(headers);
    return reply;
  }
  static http::OutboundReply fault(http::Fault fault, Millis duration = Millis{0}) {
    http::OutboundReply reply;
    reply.fault = fault;
    reply.error = "a reason for the operator";
    reply.duration = duration;
    return reply;
  }

  Answer answer = [](const http::OutboundRequest&) { return status(200); };
  // In the order they were sent; shared with the coroutine that waits.
  std::vector<std::shared_ptr<Exchange>> exchanges;

 private:
  bool stopped_ = false;
};

}  // namespace rushes::testing

// SimNetwork: the network of the simulator. Behind it are a scripted upstream and receivers of
// callbacks; in between requests are lost before they arrive, or their replies after.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/provider/fake/upstream.h"
#include "edge/http/outbound.h"
#include "testing/fake_clock.h"
#include "testing/fakes.h"

namespace rushes::sim {

inline constexpr std::string_view kUpstreamHost = "upstream.sim";

struct Weather {
  int lost_percent = 0;       // never arrives: the sender knows
  int ambiguous_percent = 0;  // arrives, and the reply is lost
  int foreign_percent = 0;    // a look-up by our handle answers with somebody else's job
  int receiver_fails_percent = 0;
  Millis latency_max{0};
};

// What a receiver got under one webhook-id.
struct Received {
  std::set<std::string> bodies;  // more than one is a broken promise
  std::string url;
  int times = 0;
};

class SimNetwork final : public http::Outbound {
 public:
  SimNetwork(testing::FakeClock& clock, testing::SeededEntropy& chance,
             provider::fake::FakeUpstream& upstream)
      : clock_(clock), chance_(chance), upstream_(upstream) {}

  Awaitable<http::OutboundReply> send(http::OutboundRequest request) override;
  void stop() override;
  // The process is gone: what waited in it is forgotten, and the next one has a network again.
  void forget();

  Weather weather;
  std::map<std::string, Received> received;  // by webhook-id
  std::vector<std::string> sent_upstream;    // bodies of creates, as they left
  std::map<std::string, std::string> ids;    // what the upstream called the job of a handle
  std::vector<std::string> rash;             // creates that were sent again on a guess

 private:
  Awaitable<http::OutboundReply> carry(http::OutboundRequest request);
  // At most until stop().
  Awaitable<> pause(Millis duration);
  http::OutboundReply at_upstream(const http::OutboundRequest& request, Millis& latency);
  http::OutboundReply at_receiver(const http::OutboundRequest& request);
  // Keeps account of who may still believe what about a create.
  void note_create(const std::string& handle);
  void note_reply(const http::OutboundRequest& request, const http::OutboundReply& reply);

  testing::FakeClock& clock_;
  testing::SeededEntropy& chance_;
  provider::fake::FakeUpstream& upstream_;
  // Handles whose create had no certain answer, and how many look-ups since found nothing.
  std::map<std::string, int> doubted_;
  std::set<Timer*> waiting_;
  bool stopped_ = false;
};

}  // namespace rushes::sim

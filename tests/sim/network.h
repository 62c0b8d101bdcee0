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

  Weather weather;
  std::map<std::string, Received> received;  // by webhook-id
  std::vector<std::string> sent_upstream;    // bodies of creates, as they left

 private:
  http::OutboundReply at_upstream(const http::OutboundRequest& request, Millis& latency);
  http::OutboundReply at_receiver(const http::OutboundRequest& request);

  testing::FakeClock& clock_;
  testing::SeededEntropy& chance_;
  provider::fake::FakeUpstream& upstream_;
};

}  // namespace rushes::sim

#include "edge/http/outbound_lane.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace rushes::http {
namespace {

std::vector<Lane::Slot*> start_all(Lane& lane) {
  std::vector<Lane::Slot*> started;
  while (Lane::Slot* slot = lane.next()) started.push_back(slot);
  return started;
}

TEST(OutboundLane, BoundsWhatIsActiveInAllAndPerOrigin) {
  Lane lane(3, 2);
  std::array<Lane::Slot, 6> slots;
  for (size_t i = 0; i < 4; ++i) lane.enter(slots[i], "http://a:80");
  for (size_t i = 4; i < 6; ++i) lane.enter(slots[i], "http://b:80");
  EXPECT_EQ(start_all(lane), (std::vector{&slots[0], &slots[4], &slots[1]}));
  lane.leave(slots[4]);
  EXPECT_EQ(start_all(lane), (std::vector{&slots[5]}));  // a has its two
  lane.leave(slots[0]);
  EXPECT_EQ(start_all(lane), (std::vector{&slots[2]}));
  for (const size_t i : {1, 2, 5}) lane.leave(slots[i]);
  EXPECT_EQ(start_all(lane), (std::vector{&slots[3]}));
  lane.leave(slots[3]);
  EXPECT_EQ(lane.next(), nullptr);
}

TEST(OutboundLane, LetsFewGoToAnOriginUntilOneHasConnected) {
  Lane lane(100, 50);
  std::array<Lane::Slot, 60> slots;
  for (Lane::Slot& slot : slots) lane.enter(slot, "http://a:80");
  EXPECT_EQ(start_all(lane).size(), static_cast<size_t>(Lane::kUnprovenMax));
  lane.prove(slots[3]);
  EXPECT_EQ(start_all(lane).size(), 50u - Lane::kUnprovenMax);
  for (Lane::Slot& slot : slots) lane.leave(slot);
  EXPECT_EQ(lane.next(), nullptr);
}

TEST(OutboundLane, ForgetsWhoLeavesWhileItWaits) {
  Lane lane(1, 1);
  std::array<Lane::Slot, 3> slots;
  for (Lane::Slot& slot : slots) lane.enter(slot, "http://a:80");
  EXPECT_EQ(lane.next(), &slots[0]);
  lane.leave(slots[1]);
  lane.leave(slots[0]);
  EXPECT_EQ(lane.next(), &slots[2]);
  lane.leave(slots[2]);
  lane.enter(slots[1], "http://a:80");
  lane.leave(slots[1]);
  EXPECT_EQ(lane.next(), nullptr);
}

}  // namespace
}  // namespace rushes::http

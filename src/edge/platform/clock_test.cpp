#include "edge/platform/clock.h"

#include <gmock/gmock.h>

#include <set>
#include <thread>

namespace rushes {
namespace {

using ::testing::MatchesRegex;

constexpr int kManyDraws = 10'000;  // more than are read ahead at once, many times over

TEST(SystemEntropy, NoNumberComesTwiceOnAnyThread) {
  SystemEntropy entropy;
  std::set<uint64_t> here, there;
  std::thread other([&] {
    for (int i = 0; i < kManyDraws; ++i) there.insert(entropy.next_u64());
  });
  for (int i = 0; i < kManyDraws; ++i) here.insert(entropy.next_u64());
  other.join();
  here.merge(there);
  EXPECT_EQ(here.size(), 2 * kManyDraws);
}

TEST(SystemEntropy, PiecesOfAnySizeAreFilled) {
  SystemEntropy entropy;
  for (const size_t size : {1u, 500u, 511u, 512u, 513u, 5'000u}) {
    std::string bytes(size, '\0');
    entropy.fill_public({reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
    if (size < 32) continue;  // a few zeros may come up
    EXPECT_NE(bytes.substr(size - 32), std::string(32, '\0')) << size;
  }
}

TEST(SystemEntropy, AUuidIsOfVersion4) {
  SystemEntropy entropy;
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = entropy.uuid_v4();
    EXPECT_THAT(uuid, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                   "[0-9a-f]{12}"));
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

}  // namespace
}  // namespace rushes

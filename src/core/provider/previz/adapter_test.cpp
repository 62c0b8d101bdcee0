#include "core/provider/previz/adapter.h"

#include <gtest/gtest.h>

namespace rushes::provider::previz {
namespace {

TEST(PrevizAdapter, IsLocalAndTakesNeitherAddressNorCredential) {
  const PrevizAdapter adapter;
  EXPECT_TRUE(adapter.capabilities({}).local);
  EXPECT_TRUE(adapter.capabilities({}).free_to_repeat);
  EXPECT_FALSE(adapter.capabilities({}).lookup_by_handle);
  EXPECT_TRUE(adapter.check_settings({.name = "previz", .adapter = "previz"}));
  EXPECT_FALSE(adapter.check_settings({.base_url = "http://127.0.0.1"}));
  EXPECT_FALSE(adapter.check_settings({.family = "official"}));
  EXPECT_FALSE(adapter.check_credential({.api_key = "key"}));
}

TEST(PrevizAdapter, CanMakeWhateverAProfileLetsPass) {
  Spec spec;
  spec.model = "kling-v2-1-master";
  spec.mode = Mode::k4k;
  spec.duration_s = 7;
  spec.sound = Sound::kOn;
  spec.camera = CameraControl{.pan = 1.5};
  std::vector<std::string> dropped;
  EXPECT_TRUE(PrevizAdapter().check({}, *catalog::Catalog::load({}), spec.model, spec, dropped));
  EXPECT_TRUE(dropped.empty());
}

TEST(PrevizAdapterDeathTest, IsNeverAskedForARequest) {
  EXPECT_DEATH(PrevizAdapter().read_poll({}, {}), "previz is local");
}

}  // namespace
}  // namespace rushes::provider::previz

#include "server/engine/pins.h"

#include "testing/engine_world.h"

namespace rushes::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Pin pin() {
  Pin made;
  made.settings = {.name = "main",
                   .adapter = "kling",
                   .base_url = "https://vendor.test",
                   .path_prefix = "/kling",
                   .family = "new-api",
                   .lookup_by_handle = true,
                   .free_to_repeat = false,
                   .volatile_store = true};
  made.credential = {.label = "first",
                     .api_key = {},
                     .access_key = "access-key",
                     .secret_key = "say \"no\" to \\ keys"};
  return made;
}

std::string keep(World& world, const Pin& kept) {
  Pins pins(world.services());
  return store::value_of(store::run(pins.keep(kept)));
}

// As another process with the same disk would.
Result<std::shared_ptr<const Pin>> find(const Services& services, const std::string& fingerprint) {
  Pins pins(services);
  return store::run(pins.find(fingerprint));
}

TEST(Pins, WhatWasKeptIsFoundByAnotherProcessWhole) {
  World world;
  const std::string fingerprint = keep(world, pin());
  EXPECT_EQ(*store::value_of(find(world.services(), fingerprint)), pin());
}

TEST(Pins, TheSameSettingsAreKeptOnceAndEveryDifferenceIsAnother) {
  World world;
  const std::string fingerprint = keep(world, pin());
  EXPECT_EQ(keep(world, pin()), fingerprint);
  const std::pair<const char*, std::function<void(Pin&)>> differences[] = {
      {"name", [](Pin& one) { one.settings.name = "other"; }},
      {"adapter", [](Pin& one) { one.settings.adapter = "aiml"; }},
      {"base_url", [](Pin& one) { one.settings.base_url = "https://other.test"; }},
      {"path_prefix", [](Pin& one) { one.settings.path_prefix = ""; }},
      {"family", [](Pin& one) { one.settings.family = ""; }},
      {"lookup_by_handle", [](Pin& one) { one.settings.lookup_by_handle = false; }},
      {"free_to_repeat", [](Pin& one) { one.settings.free_to_repeat = true; }},
      {"volatile_store", [](Pin& one) { one.settings.volatile_store = false; }},
      {"label", [](Pin& one) { one.credential.label = "second"; }},
      {"api_key", [](Pin& one) { one.credential.api_key = "key"; }},
      {"access_key", [](Pin& one) { one.credential.access_key = "other"; }},
      {"secret_key", [](Pin& one) { one.credential.secret_key = "rotated"; }},
  };
  for (const auto& [name, change] : differences) {
    SCOPED_TRACE(name);
    Pin other = pin();
    change(other);
    const std::string another = keep(world, other);
    EXPECT_NE(another, fingerprint);
    EXPECT_EQ(*store::value_of(find(world.services(), another)), other) << "it reads back";
  }
}

TEST(Pins, NothingOfACredentialLiesOpenInTheStore) {
  World world;
  const std::string fingerprint = keep(world, pin());
  const auto sealed = store::value_of(store::run(world.durable_store->find_pin(fingerprint)));
  ASSERT_TRUE(sealed);
  for (const char* secret : {"access-key", "keys", "vendor.test"}) {
    EXPECT_THAT(*sealed, Not(HasSubstr(secret)));
    EXPECT_THAT(fingerprint, Not(HasSubstr(secret)));
  }
}

TEST(Pins, AnotherServersSecretOpensNothing) {
  World world;
  const std::string fingerprint = keep(world, pin());
  const auto other = store::value_of(
      access::ServerSecret::create(std::string(access::kServerSecretSizeBytes, 'o')));
  const Services ours = world.services();
  const Services theirs{ours.store, ours.blobs,    ours.catalog, ours.providers,
                        other,      ours.renderer, ours.network, ours.media,
                        ours.clock, ours.entropy,  ours.timers,  ours.logger};
  const auto found = find(theirs, fingerprint);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kCorrupt);
}

TEST(Pins, WhatNobodyKeptIsNotFound) {
  World world;
  const auto found = find(world.services(), "no-such-fingerprint");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace rushes::engine

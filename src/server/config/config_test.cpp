#include "server/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rushes::config {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view text) {
  const auto config = parse(text, "rushes.toml");
  return config ? "accepted" : config.error().message;
}

TEST(Config, DefaultFileSetsEveryKeyAndIsValid) {
  EXPECT_TRUE(validate(defaults()));
  EXPECT_EQ(defaults().server.listen, "127.0.0.1:8080");
  EXPECT_EQ(defaults().limits.body_bytes, 1048576);
  // A key that the default file lacks would be 0 or empty and fail its range.
  const json::Value all = to_json(defaults());
  for (const auto& [section, members] : *all.as_object()) {
    for (const auto& [name, value] : *members.as_object()) {
      EXPECT_THAT(std::string(default_text()), HasSubstr(name + " = ")) << section;
    }
  }
}

TEST(Config, FileOverlaysOnlyWhatItNames) {
  const auto config = parse("[engine]\nchildren = 4\n[previz]\nscale = 1\n", "rushes.toml");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->engine.children, 4);
  EXPECT_EQ(config->engine.attempts, defaults().engine.attempts);
}

TEST(Config, RefusalsNameFileLineKeyAndWhatIsAllowed) {
  EXPECT_EQ(refusal("[engine]\nchildren = 65\n"),
            "rushes.toml:2: engine.children is 65: allowed is 1 to 64");
  EXPECT_EQ(refusal("[engine]\nchildren = 0\n"),
            "rushes.toml:2: engine.children is 0: allowed is 1 to 64");
  EXPECT_EQ(refusal("[engine]\nchildren = 64\n"), "accepted");
  EXPECT_EQ(refusal("[engine]\nchildren = \"2\"\n"),
            "rushes.toml:2: 'engine.children' must be a whole number");
  EXPECT_EQ(refusal("\n\n[motor]\nx = 1\n"), "rushes.toml:3: unknown section [motor]");
  EXPECT_THAT(refusal("[engine]\nchild = 1\n"), HasSubstr("unknown key 'engine.child'"));
  EXPECT_THAT(refusal("[log]\nlevel = \"loud\"\n"), HasSubstr("debug, info, warn, error"));
  EXPECT_THAT(refusal("[engine\n"), HasSubstr("rushes.toml:1: not valid TOML"));
  EXPECT_THAT(refusal("[server.tls]\nkey = \"k.pem\"\n"), HasSubstr("both"));
  EXPECT_THAT(refusal("[server]\npublic_base_url = \"example.com\"\n"), HasSubstr("http://"));
}

TEST(Config, ListenAddressHasHostAndPort) {
  const auto v6 = parse_host_port("[::1]:0");
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->host, "::1");
  EXPECT_EQ(v6->port, 0);
  EXPECT_EQ(parse_host_port("127.0.0.1:65535")->port, 65535);
  for (const char* bad : {"", "8080", ":80", "host:", "host:65536", "host:-1", "::1:80", "h:8x"}) {
    EXPECT_FALSE(parse_host_port(bad)) << bad;
  }
}

}  // namespace
}  // namespace rushes::config

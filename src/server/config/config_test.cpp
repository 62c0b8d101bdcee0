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
    if (members.as_object() == nullptr) continue;  // lists of tables have no defaults
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
  EXPECT_THAT(refusal("[server]\npublic_base_url = \"http://x/?a\"\n"), HasSubstr("no '?'"));
  EXPECT_EQ(refusal("[server]\npublic_base_url = \"https://x.example/videos\"\n"), "accepted");
}

TEST(Config, AFlagIsTrueOrFalse) {
  EXPECT_FALSE(defaults().server.development);
  const auto config = parse("[server]\ndevelopment = true\n", "rushes.toml");
  ASSERT_TRUE(config);
  EXPECT_TRUE(config->server.development);
  EXPECT_THAT(json::to_text(to_json(*config)), HasSubstr(R"("development":true)"));
  for (const char* value : {"1", "\"true\"", "[true]"}) {
    EXPECT_EQ(refusal(std::string("[server]\ndevelopment = ") + value + "\n"),
              "rushes.toml:2: 'server.development' must be true or false");
  }
}

TEST(Config, AListTakesTextsOnly) {
  const auto config = parse("[egress]\nallow = [\"10.0.0.0/8\", \"::1\"]\n", "rushes.toml");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->egress.allow, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
  EXPECT_THAT(json::to_text(to_json(*config)), HasSubstr(R"("allow":["10.0.0.0/8","::1"])"));
  EXPECT_EQ(refusal("[egress]\nallow = []\n"), "accepted");
  for (const char* list : {"\"::1\"", "[1]", "[\"::1\", 1]", "[[\"::1\"]]"}) {
    EXPECT_EQ(refusal(std::string("[egress]\nallow = ") + list + "\n"),
              "rushes.toml:2: 'egress.allow' must be a list of texts in quotes");
  }
}

TEST(Config, AHandlePrefixFitsIntoAnyProvidersExternalId) {
  EXPECT_TRUE(parse("[upstream]\nhandle_prefix = \"site-a_1.\"", "f.toml"));
  EXPECT_TRUE(parse("[upstream]\nhandle_prefix = \"" + std::string(64, 'a') + "\"", "f.toml"));
  for (const std::string& prefix : {std::string(65, 'a'), std::string("a b"), std::string("é")}) {
    const auto refused = parse("[upstream]\nhandle_prefix = \"" + prefix + "\"", "f.toml");
    ASSERT_FALSE(refused) << prefix;
    EXPECT_NE(refused.error().message.find("upstream.handle_prefix is '" + prefix +
                                           "': allowed are up to 64 of A-Z a-z 0-9 . _ -"),
              std::string::npos)
        << refused.error().message;
  }
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

constexpr std::string_view kTwoProviders = R"(
[[provider]]
name = "kling"
adapter = "kling"
base_url = "https://api.example.com//"
[[provider.credential]]
label = "main"
api_key = "env:KLING_API_KEY"
concurrency = 20
[[provider.credential]]
label = "second"
access_key = "ak"
secret_key = "very secret"

[[provider]]
name = "twin"
adapter = "fake"
rules = { time_scale = 60, fail_every = 3 }

[[route]]
model = "*"
to = [{ provider = "kling", model = "kling-v3", weight = 3 }, { provider = "previz" }]
)";

TEST(Config, ProvidersAndRoutesAreReadInTheirOrder) {
  const auto config = parse(kTwoProviders, "f.toml");
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->providers.size(), 2u);
  EXPECT_EQ(config->providers[0].base_url, "https://api.example.com");
  EXPECT_EQ(config->providers[0].poll_interval_ms, 5'000);
  ASSERT_EQ(config->providers[0].credentials.size(), 2u);
  EXPECT_EQ(config->providers[0].credentials[0].concurrency, 20);
  EXPECT_EQ(config->providers[0].credentials[1].concurrency, 5);
  EXPECT_EQ(config->providers[1].rules.int_or("fail_every", 0), 3);
  ASSERT_EQ(config->routes.size(), 1u);
  EXPECT_EQ(config->routes[0].to[0].weight, 3);
  EXPECT_EQ(config->routes[0].to[1].provider, "previz");
}

TEST(Config, ASecretIsNeverShown) {
  const auto config = parse(kTwoProviders, "f.toml");
  ASSERT_TRUE(config);
  const std::string shown = json::to_text(to_json(*config));
  EXPECT_EQ(shown.find("very secret"), std::string::npos);
  EXPECT_NE(shown.find("env:KLING_API_KEY"), std::string::npos);
}

TEST(Config, WhatIsShownReadsAsTheSameConfiguration) {
  for (const std::string_view text : {std::string_view(), std::string_view(kTwoProviders)}) {
    const auto config = parse(text, "f.toml");
    ASSERT_TRUE(config);
    const std::string shown = to_toml(*config);
    const auto again = parse(shown, "shown.toml");
    ASSERT_TRUE(again) << again.error().message << "\n" << shown;
    EXPECT_EQ(json::to_text(to_json(*again)), json::to_text(to_json(*config)));
  }
}

TEST(Config, AProviderThatCannotBeIsRefusedWithItsLine) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"[[provider]]\nadapter = \"kling\"", "f.toml:1: [[provider]]: 'name' is missing"},
      {"[[provider]]\nname = \"a\"", "'adapter' is missing"},
      {"[[provider]]\nname = \"a\"\nadapter = \"fake\"\ncolour = 1",
       "f.toml:4: [[provider]]: unknown key 'colour'"},
      {"[[provider]]\nname = \"a\"\nadapter = \"fake\"\npoll_interval_ms = 99",
       "'poll_interval_ms' is 99: allowed is 100 to"},
      {"[[provider]]\nname = \"a\"\nadapter = 1", "'adapter' must be a text in quotes"},
      {"provider = 1", "write it as [[provider]]"},
      {"[[provider]]\nname = \"a\"\nadapter = \"fake\"\n[[provider]]\nname = \"a\"\n"
       "adapter = \"fake\"",
       "two providers are named 'a'"},
      {"[[route]]\nmodel = \"*\"\nto = [{ provider = \"nobody\" }]",
       "names provider 'nobody', which is not there"},
      {"[[route]]\nmodel = \"*\"", "'to' is missing or empty"},
      {"[[route]]\nto = [{ provider = \"previz\" }]", "'model' is missing"},
      {"[egress]\nallow = [1]", "must be a list of texts"},
  };
  for (const auto& [text, expected] : cases) {
    const auto config = parse(text, "f.toml");
    ASSERT_FALSE(config) << text;
    EXPECT_NE(config.error().message.find(expected), std::string::npos) << config.error().message;
  }
}

}  // namespace
}  // namespace rushes::config

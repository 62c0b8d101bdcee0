#include "core/provider/route/route.h"

#include <gtest/gtest.h>

namespace rushes::provider {
namespace {

// Makes everything up to a length, and leaves cfg_scale out. Nobody asks it to send anything. It
// speaks the dialect that its family names.
class UpTo : public Adapter {
 public:
  explicit UpTo(int duration_max_s) : duration_max_s_(duration_max_s) {}
  std::string_view name() const override { return "up_to"; }
  Result<void> check_settings(const Settings&) const override { return {}; }
  Result<void> check_credential(const Credential&) const override { return {}; }
  Capabilities capabilities(const Settings& settings) const override {
    return {.dialect = settings.family};
  }
  Result<void> check(const Settings& settings, const catalog::Catalog&, const std::string& model,
                     const Spec& spec, std::vector<std::string>& dropped) const override {
    if (spec.cfg_scale) dropped.push_back("cfg_scale");
    if (spec.duration_s <= duration_max_s_) return {};
    return fail_user(ErrorCode::kUnsupported, settings.name + " refuses " + model);
  }
  Call create(const Context&, const Job&) const override { return {}; }
  Outcome read_create(const Settings&, const Reply&) const override { return {}; }
  Call poll(const Context&, const std::string&) const override { return {}; }
  Outcome read_poll(const Settings&, const Reply&) const override { return {}; }
  Call lookup(const Context&, const std::string&, Timestamp) const override { return {}; }
  Outcome read_lookup(const Settings&, const std::string&, const Reply&) const override {
    return {};
  }
  Call cancel(const Context&, const std::string&) const override { return {}; }

 private:
  int duration_max_s_;
};

const catalog::Catalog& built_in() {
  static const catalog::Catalog catalog = *catalog::Catalog::load({});
  return catalog;
}

const UpTo kShort(5), kLong(15);

std::vector<Maker> makers() {
  return {{{.name = "a"}, &kShort}, {{.name = "b"}, &kLong}, {{.name = "previz"}, &kLong}};
}

Routes routes_of(std::vector<RouteRule> rules) {
  return *Routes::create(built_in(), std::move(rules), makers());
}

Spec spec_of(std::string model, int duration_s = 5) {
  Spec spec;
  spec.model = std::move(model);
  spec.duration_s = duration_s;
  return spec;
}

bool always(const std::string&) { return true; }

std::string chosen(const Routes& routes, const Spec& spec, std::vector<std::string> account = {},
                   uint64_t random = 1,
                   const std::function<bool(const std::string&)>& usable = always) {
  const auto targets = routes.choose(built_in(), spec, account, random, usable);
  if (!targets) return targets.error().user_message + targets.error().message;
  std::string text;
  for (const Target& target : *targets) text += target.provider + ":" + target.model + " ";
  return text;
}

TEST(Routes, WithoutConfigurationEverythingGoesToPreviz) {
  EXPECT_EQ(chosen(Routes(), spec_of("kling-v1", 15)), "previz:kling-v1 ");
  EXPECT_EQ(chosen(routes_of({}), spec_of("kling-v3")), "previz:kling-v3 ");
  EXPECT_EQ(Routes().upstream_model(built_in(), spec_of("kling-v1"), "previz"), "kling-v1");
}

TEST(Routes, AModelsOwnRouteWinsOverTheOneForEveryModel) {
  const Routes routes = routes_of(
      {{"*", {{.provider = "previz"}}}, {"kling-v3", {{.provider = "b", .model = "mapped"}}}});
  EXPECT_EQ(chosen(routes, spec_of("kling-v3")), "b:mapped ");
  EXPECT_EQ(chosen(routes, spec_of("kling-v2-6")), "previz:kling-v2-6 ");
  EXPECT_EQ(routes.upstream_model(built_in(), spec_of("kling-v3"), "b"), "mapped");
  EXPECT_EQ(routes.upstream_model(built_in(), spec_of("kling-v3"), "previz"), "kling-v3");
}

TEST(Routes, TargetsAreTriedInTheirOrder) {
  const Routes routes =
      routes_of({{"*", {{.provider = "b"}, {.provider = "a"}, {.provider = "previz"}}}});
  for (uint64_t random = 0; random < 20; ++random) {
    EXPECT_EQ(chosen(routes, spec_of("kling-v3"), {}, random),
              "b:kling-v3 a:kling-v3 previz:kling-v3 ");
  }
}

TEST(Routes, WithinARankChanceDecidesByWeight) {
  const Routes routes = routes_of({{"*",
                                    {{.provider = "previz", .rank = 2},
                                     {.provider = "a", .rank = 1, .weight = 3},
                                     {.provider = "b", .rank = 1, .weight = 1}}}});
  int first = 0;
  for (uint64_t random = 0; random < 4000; ++random) {
    const auto targets = routes.choose(built_in(), spec_of("kling-v3"), {}, random * 7919, always);
    ASSERT_EQ(targets->size(), 3u);
    EXPECT_EQ(targets->back().provider, "previz");
    first += targets->front().provider == "a";
  }
  EXPECT_NEAR(first, 3000, 150);
}

TEST(Routes, ATargetThatCannotIsSkippedAndTheFirstRefusalIsTheAnswer) {
  const Routes routes = routes_of({{"*", {{.provider = "a"}, {.provider = "b"}}}});
  EXPECT_EQ(chosen(routes, spec_of("kling-v3", 6)), "b:kling-v3 ");
  const auto none = routes.choose(built_in(), spec_of("kling-v3", 16), {}, 1, always);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(none.error().user_message, "a refuses kling-v3");
}

TEST(Routes, WhatATargetLeavesOutIsReported) {
  Spec spec = spec_of("kling-v3");
  spec.cfg_scale = 0.5;
  const Routes routes = routes_of({{"*", {{.provider = "a"}}}});
  const auto targets = routes.choose(built_in(), spec, {}, 1, always);
  EXPECT_EQ(targets->front().dropped, std::vector<std::string>{"cfg_scale"});
}

TEST(Routes, ExtraIsTakenByTargetsOfItsDialectOnly) {
  const Routes routes = *Routes::create(
      built_in(), {{"*", {{.provider = "k"}, {.provider = "a"}, {.provider = "none"}}}},
      {{{.name = "k", .family = "kling"}, &kLong},
       {{.name = "a", .family = "aiml"}, &kLong},
       {{.name = "none"}, &kLong}});
  Spec spec = spec_of("kling-v3");
  const auto taken = [&] {
    std::vector<bool> takes;
    const auto targets = routes.choose(built_in(), spec, {}, 1, always);
    for (const Target& target : *targets) takes.push_back(target.takes_extra);
    return takes;
  };
  EXPECT_EQ(taken(), (std::vector<bool>{false, false, false})) << "there is nothing to take";
  spec.extra = {.dialect = "kling", .members = {{"wings", 2}}};
  EXPECT_EQ(taken(), (std::vector<bool>{true, false, false}));
  spec.extra.dialect = "aiml";
  EXPECT_EQ(taken(), (std::vector<bool>{false, true, false}));
  EXPECT_FALSE(Routes().choose(built_in(), spec, {}, 1, always)->front().takes_extra);
}

TEST(Routes, UnusableTargetsAreSkippedAndNoneIsNoRefusal) {
  const Routes routes = routes_of({{"*", {{.provider = "a"}, {.provider = "b"}}}});
  EXPECT_EQ(chosen(routes, spec_of("kling-v3"), {}, 1,
                   [](const std::string& name) { return name == "b"; }),
            "b:kling-v3 ");
  const auto none = routes.choose(built_in(), spec_of("kling-v3"), {}, 1,
                                  [](const std::string&) { return false; });
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kUnavailable);
}

TEST(Routes, AnAccountsOrderReplacesThatOfTheRoute) {
  const Routes routes = routes_of({{"*", {{.provider = "a", .model = "x"}, {.provider = "b"}}}});
  EXPECT_EQ(chosen(routes, spec_of("kling-v3"), {"b", "a"}), "b:kling-v3 a:x ");
  EXPECT_EQ(chosen(routes, spec_of("kling-v3"), {"previz"}), "previz:kling-v3 ");
  EXPECT_EQ(chosen(routes, spec_of("kling-v3"), {"gone", "a"}), "a:x ");
  const auto none =
      routes.choose(built_in(), spec_of("kling-v3"), std::vector<std::string>{"gone"}, 1, always);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kUnsupported);
}

TEST(Routes, SeveralNamesAtOneProviderAreToldApartByTheSpec) {
  // As where an upstream has one name for each mode. Rules come in their order, and so do names.
  class Named final : public UpTo {
   public:
    Named() : UpTo(15) {}
    Result<void> check(const Settings&, const catalog::Catalog&, const std::string& model,
                       const Spec& spec, std::vector<std::string>&) const override {
      if (model == (spec.mode == Mode::kStd ? "standard" : "pro")) return {};
      return fail_user(ErrorCode::kUnsupported, model + " has another mode");
    }
  };
  const Named named;
  const Routes routes = *Routes::create(
      built_in(),
      {{"kling-v3", {{.provider = "n", .model = "standard"}, {.provider = "n", .model = "pro"}}}},
      {{{.name = "n"}, &named}});
  Spec spec = spec_of("kling-v3");
  EXPECT_EQ(chosen(routes, spec), "n:standard ");
  EXPECT_EQ(routes.upstream_model(built_in(), spec, "n"), "standard");
  spec.mode = Mode::kPro;
  EXPECT_EQ(chosen(routes, spec), "n:pro ");
  EXPECT_EQ(routes.upstream_model(built_in(), spec, "n"), "pro");
  // None can: the name that it was routed to first.
  const Routes mapped =
      routes_of({{"kling-v3", {{.provider = "a", .model = "first"}, {.provider = "b"}}}});
  EXPECT_EQ(mapped.upstream_model(built_in(), spec_of("kling-v3", 15), "a"), "first");
}

TEST(Routes, WrongRulesAreRefusedByName) {
  const auto refusal = [](std::vector<RouteRule> rules) {
    const auto routes = Routes::create(built_in(), std::move(rules), makers());
    return routes ? "" : routes.error().user_message;
  };
  EXPECT_EQ(refusal({{"*", {}}}), "route '*' has 0 targets: allowed is 1 to 100");
  EXPECT_EQ(refusal({{"kling-v9", {{.provider = "a"}}}}),
            "route 'kling-v9': the catalog has no such model");
  EXPECT_EQ(refusal({{"*", {{.provider = "x"}}}}),
            "route '*': provider value 'x' is invalid: not configured");
  EXPECT_EQ(refusal({{"*", {{.provider = "a"}}}, {"*", {{.provider = "b"}}}}),
            "route '*' exists twice");
  EXPECT_EQ(refusal({{"*", {{.provider = "a", .weight = 0}}}}),
            "route '*': weight value '0' is invalid: allowed is 1 to 1000000");
  EXPECT_EQ(refusal({{"*", {{.provider = "a", .rank = -1}}}}),
            "route '*': rank value '-1' is invalid: it must not be negative");
  EXPECT_FALSE(Routes::create(built_in(), {}, {{{.name = "a"}, &kShort}, {{.name = "a"}, &kLong}}));
}

}  // namespace
}  // namespace rushes::provider

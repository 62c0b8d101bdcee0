#include "server/app/fake_network.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>

#include "core/wire/url.h"
#include "edge/platform/blocking.h"
#include "edge/platform/files.h"
#include "testing/fakes.h"
#include "testing/scripted_network.h"

namespace rushes::app {
namespace {

using http::Fault;
using http::OutboundReply;
using http::OutboundRequest;

constexpr std::string_view kCreate = "/v1/videos/text2video";
const char* kAtOnce = R"({"queue_ms":0,"render_ms":0})";

config::Config::Provider provider_of(std::string name, const char* rules = kAtOnce) {
  config::Config::Provider provider;
  provider.name = std::move(name);
  provider.adapter = "fake";
  provider.rules = *json::parse(rules);
  return provider;
}

std::string refusal(const Result<FakeSite>& site) { return site ? "" : site.error().user_message; }

class FakeNetworkTest : public ::testing::Test {
 protected:
  FakeNetworkTest()
      : directory_(std::filesystem::temp_directory_path() /
                   ("rushes-fake-" + SystemEntropy().uuid_v4())) {}
  ~FakeNetworkTest() override { std::filesystem::remove_all(directory_); }

  void use(std::vector<config::Config::Provider> providers, FakeHint hint = {}) {
    config::Config config;
    config.providers = std::move(providers);
    sites_ = *load_fake_sites(config);
    network_.emplace(FakeServices{real_, clock_, timers_, logger_}, sites_, directory_.string());
    network_->start(std::move(hint));
  }

  static OutboundRequest request_of(std::string method, std::string url, std::string body = "") {
    OutboundRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.headers.add("Authorization", "Bearer key");
    request.egress = http::Egress::kOperator;
    request.body = std::move(body);
    return request;
  }
  OutboundReply send(OutboundRequest request) {
    return run_to_end(network_->send(std::move(request)));
  }
  OutboundReply create(const std::string& name = "twin", const std::string& more = "") {
    return send(
        request_of("POST", "http://" + name + ".fake.invalid" + std::string(kCreate),
                   R"({"model_name":"kling-v3","prompt":"fox","duration":"3")" + more + "}"));
  }
  static json::Value data_of(const OutboundReply& reply) {
    return *json::parse(reply.body)->find("data");
  }
  // The link of a job that succeeds at once.
  std::string link(const std::string& more = "") {
    const std::string id = data_of(create("twin", more)).string_or("task_id", "");
    const OutboundReply reply =
        send(request_of("GET", "http://twin.fake.invalid" + std::string(kCreate) + "/" + id));
    const json::Value data = data_of(reply);
    return data.find("task_result")->find("videos")->as_array()->front().string_or("url", "");
  }

  const std::filesystem::path directory_;
  SystemClock clock_;
  SystemTimers timers_;
  ::rushes::testing::SilentLogger logger_;
  ::rushes::testing::ScriptedNetwork real_;
  std::vector<FakeSite> sites_;
  std::optional<FakeNetwork> network_;
};

TEST_F(FakeNetworkTest, EveryTwinHasItsOwnJobsAndEverythingElseGoesOut) {
  use({provider_of("one"), provider_of("two")});
  const std::string id = data_of(create("one")).string_or("task_id", "");
  const auto ask = [&](const std::string& name) {
    return send(request_of("GET",
                           "http://" + name + ".fake.invalid" + std::string(kCreate) + "/" + id))
        .status;
  };
  EXPECT_EQ(ask("one"), 200);
  EXPECT_EQ(ask("two"), 404);
  EXPECT_TRUE(real_.exchanges.empty());
  send(request_of("GET", "http://three.fake.invalid/"));
  OutboundRequest of_a_client = request_of("GET", "http://one.fake.invalid/");
  of_a_client.egress = http::Egress::kGuarded;
  send(std::move(of_a_client));
  EXPECT_EQ(real_.exchanges.size(), 2u);
}

TEST_F(FakeNetworkTest, ALostReplyIsAmbiguousThoughTheJobIsThere) {
  use({provider_of("twin", R"({"drop_reply_every":1})")});
  const OutboundReply lost = create("twin", R"(,"external_task_id":"h-1")");
  EXPECT_EQ(lost.fault, Fault::kAmbiguous);
  EXPECT_EQ(lost.error, "twin.fake.invalid: the connection ended without a reply");
  EXPECT_EQ(
      send(request_of("GET", "http://twin.fake.invalid" + std::string(kCreate) + "/h-1")).status,
      200);
}

TEST_F(FakeNetworkTest, AReplyThatIsTooSlowIsAmbiguous) {
  use({provider_of("twin", R"({"latency_ms":3600000})")});
  OutboundRequest request = request_of("GET", "http://twin.fake.invalid/v1/videos/text2video/1");
  request.timeout = Millis{1};
  const OutboundReply reply = send(std::move(request));
  EXPECT_EQ(reply.fault, Fault::kAmbiguous);
  EXPECT_EQ(reply.error, "twin.fake.invalid: no reply in time");
}

TEST_F(FakeNetworkTest, ARepliesBodyIsBounded) {
  use({provider_of("twin")});
  OutboundRequest request = request_of("GET", "http://twin.fake.invalid/nothing");
  const size_t size = send(request).body.size();
  request.body_bytes_max = size;
  EXPECT_EQ(send(request).fault, Fault::kNone);
  request.body_bytes_max = size - 1;
  EXPECT_EQ(send(request).fault, Fault::kTooLarge);
  request.cut_body = true;
  const OutboundReply cut = send(request);
  EXPECT_EQ(cut.fault, Fault::kNone);
  EXPECT_EQ(cut.body.size(), size - 1);
}

TEST_F(FakeNetworkTest, AVideoIsWrittenToTheFileAndRefusalsAreNot) {
  use({provider_of("twin")});
  const std::string url = link();
  OutboundRequest request = request_of("GET", url);
  request.file = (directory_ / "video.mp4").string();
  request.body_bytes_max = 64 << 20;
  ASSERT_TRUE(files::ensure_directory(directory_.string()));
  const OutboundReply reply = send(request);
  ASSERT_EQ(reply.fault, Fault::kNone) << reply.error;
  const auto bytes = files::read(request.file, 64 << 20);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->size(), reply.file_bytes);
  EXPECT_EQ(bytes->substr(4, 4), "ftyp");
  EXPECT_TRUE(reply.body.empty());

  request.body_bytes_max = reply.file_bytes - 1;
  request.file = (directory_ / "other.mp4").string();
  EXPECT_EQ(send(request).fault, Fault::kTooLarge);
  request.url = "http://twin.fake.invalid/media/1.mp4";
  EXPECT_EQ(send(request).status, 404);
  EXPECT_FALSE(std::filesystem::exists(request.file));
  request.url = url;
  request.body_bytes_max = 64 << 20;
  request.file = (directory_ / "absent" / "video.mp4").string();
  EXPECT_EQ(send(request).fault, Fault::kLocal);
}

TEST_F(FakeNetworkTest, CallbacksBecomeHints) {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> hints;
  use({provider_of("twin")}, [&](TaskId task, int attempt, std::string_view secret) {
    const std::lock_guard lock(mutex);
    hints.push_back(task.to_string() + " " + std::to_string(attempt) + " " + std::string(secret));
    changed.notify_all();
  });
  const std::string id = TaskId::make(clock_.now(), 1).to_string();
  for (const std::string& path :
       {"upstream/" + id + "/2/secret", "upstream/" + id + "/0/secret",
        std::string("upstream/nobody/1/secret"), std::string("elsewhere")}) {
    create("twin", R"(,"callback_url":"http://me.example.com/base/rushes/v1/)" + path + "\"");
  }
  std::unique_lock lock(mutex);
  ASSERT_TRUE(changed.wait_for(lock, Seconds{30}, [&] { return hints.size() == 3; }));
  EXPECT_EQ(hints, std::vector<std::string>(3, id + " 2 secret"));
}

TEST_F(FakeNetworkTest, AStopAnswersThoseThatWaitAndRefusesLaterOnes) {
  use({provider_of("twin", R"({"latency_ms":3600000})")});
  OutboundReply waited;
  std::jthread waiter([&] {
    OutboundRequest request = request_of("GET", "http://twin.fake.invalid/nothing");
    request.timeout = Millis{0};
    waited = send(std::move(request));
  });
  network_->stop();
  network_->stop();
  waiter.join();
  EXPECT_TRUE(waited.fault == Fault::kNone || waited.fault == Fault::kNotSent);
  EXPECT_EQ(create().fault, Fault::kNotSent);
}

TEST(FakeSites, ATwinIsNamedAsAHostIs) {
  for (const std::string& name :
       {std::string("twin"), std::string("a"), std::string("a-1"), std::string(63, 'a')}) {
    const auto site = load_fake_site(provider_of(name));
    ASSERT_TRUE(site) << name;
    EXPECT_EQ(site->origin, "http://" + name + ".fake.invalid");
  }
  for (const std::string& name :
       {std::string(), std::string("Twin"), std::string("a b"), std::string("a.b"),
        std::string("-a"), std::string("a-"), std::string("ä"), std::string(64, 'a')}) {
    EXPECT_EQ(
        refusal(load_fake_site(provider_of(name))),
        "name value '" + name +
            "' is invalid: a fake provider without base_url is named with lower-case letters, "
            "digits and inner hyphens, at most 63");
  }
}

TEST(FakeSites, ARuleOfARequestIsOneThatSomeTwinTakes) {
  std::vector<FakeSite> sites;
  EXPECT_TRUE(check_fake_rule(sites, "anything"));
  EXPECT_FALSE(check_fake_rule(sites, std::string(2001, 'x')));
  EXPECT_FALSE(check_fake_rule(sites, "\xff"));
  sites.push_back(*load_fake_site(provider_of("one", R"({"slow":{"latency_ms":5}})")));
  sites.push_back(*load_fake_site(provider_of("two", R"({"lost":{"forget_every":1}})")));
  for (const char* rule : {"slow", "lost", "fail_every=1"})
    EXPECT_TRUE(check_fake_rule(sites, rule)) << rule;
  const auto checked = check_fake_rule(sites, "quick");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().user_message,
            "rule 'quick' is unknown: no rule of the configuration has that name, and rules are "
            "written name=value");
}

}  // namespace
}  // namespace rushes::app

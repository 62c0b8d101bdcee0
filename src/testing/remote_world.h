// The world of the engine with remote providers: each is a Kling-shaped vendor in memory, and the
// test decides what happens to requests and replies in between.
#pragma once

#include <deque>
#include <fstream>
#include <map>
#include <utility>

#include "base/json/value.h"
#include "core/provider/fake/upstream.h"
#include "core/provider/kling/kling.h"
#include "core/wire/url.h"
#include "testing/engine_world.h"

namespace rushes::engine {

class RemoteWorld : public World {
 public:
  using Upstream = provider::fake::FakeUpstream;
  using Rules = provider::fake::Rules;
  using Request = http::OutboundRequest;
  using Reply = http::OutboundReply;
  // Nothing: the other side does not answer, until the test does.
  using Handler = std::function<std::optional<Reply>(const Request&)>;

  // Long steps, so that hours pass quickly.
  static Options patient() {
    Options options;
    options.tick = Millis{5'000};
    options.claim_interval = Millis{30'000};
    options.horizon = kHorizon;
    options.callback_base_url = "https://ours.test";
    options.deliver_check_interval = Millis{3'600'000};
    return options;
  }

  explicit RemoteWorld(Rules rules = {}, Options options = patient())
      : World(std::move(options)), rules_(std::move(rules)) {
    add("vendor");
    use({"vendor"});
    network.answer = [this](const Request& request) { return answer(request); };
  }

  // A provider that may be used, with one credential "first" (another: label it with add_key), at
  // the host "<name>.test".
  ConfiguredProvider& add(const std::string& name, std::string family = "official") {
    ConfiguredProvider& made = known_[name];
    made.settings.name = name;
    made.settings.adapter = "kling";
    made.settings.base_url = "https://" + name + ".test";
    made.settings.family = std::move(family);
    made.adapter = &kling_;
    made.poll_interval = kPollInterval;
    made.requests_per_second = 0;
    made.credentials.clear();
    add_key(made, "first");
    Upstream::Options options;
    options.rules = provider::fake::RuleBook(rules_);
    options.origin = made.settings.base_url;
    options.make_video = [](const provider::fake::VideoWanted&) { return std::string("a video"); };
    upstreams_[name + ".test"] = std::make_unique<Upstream>(std::move(options));
    return made;
  }
  static void add_key(ConfiguredProvider& provider, const std::string& label) {
    ConfiguredCredential& made = provider.credentials.emplace_back();
    made.credential.label = label;
    made.credential.api_key = "key-of-" + label;
  }
  ConfiguredProvider& known(const std::string& name) { return known_.at(name); }

  // The configuration names these, best first; "previz" is the built-in renderer. Before start().
  // `mapped`: what the upstreams call the model.
  void use(const std::vector<std::string>& names, const std::string& mapped = {}) {
    Providers configured;
    configured.adapters = testing::only_previz().adapters;
    configured.adapters.push_back(&kling_);
    std::vector<provider::Maker> makers;
    provider::RouteRule rule{"*", {}};
    for (const std::string& name : names) {
      configured.list.push_back(name == "previz" ? testing::only_previz().list.at(0)
                                                 : known_.at(name));
      makers.push_back({configured.list.back().settings, configured.list.back().adapter});
      provider::Target target;
      target.provider = name;
      target.model = mapped;
      rule.targets.push_back(std::move(target));
    }
    configured.routes =
        store::value_of(provider::Routes::create(catalog, {std::move(rule)}, std::move(makers)));
    providers = std::move(configured);
  }

  Upstream& upstream(const std::string& name = "vendor") { return *upstreams_.at(name + ".test"); }

  // The request arrives, and this is the reply.
  Reply arrive(const Request& request) {
    const auto url = wire::parse_url(request.url);
    const auto found = upstreams_.find(url->host);
    if (found == upstreams_.end()) return network.fault(http::Fault::kNotSent);
    wire::Request asked;
    asked.method = request.method;
    asked.target = url->target;
    asked.headers = request.headers;
    asked.body = request.body;
    wire::Response response = found->second->handle(asked, clock.now());
    Reply reply = network.status(response.status, std::move(response.headers));
    if (request.file.empty() || response.status != 200) {
      reply.body = std::move(response.body);
      return reply;
    }
    return file(request, response.body);
  }
  static Reply file(const Request& request, const std::string& bytes) {
    std::ofstream(request.file, std::ios::binary) << bytes;
    Reply reply = testing::ScriptedNetwork::status(200);
    reply.file_bytes = bytes.size();
    return reply;
  }
  // A refusal as the vendor words it.
  static Reply refusal(int status, int code, const std::string& message = "no") {
    Reply reply = testing::ScriptedNetwork::status(status);
    reply.body = R"({"code":)" + std::to_string(code) + R"(,"message":")" + message +
                 R"(","request_id":"upstream-request"})";
    return reply;
  }

  // What happens to each kind of request; by default it arrives, and so does the reply.
  Handler on_create = [this](const Request& request) { return arrive(request); };
  Handler on_query = on_create;
  Handler on_download = on_create;
  std::vector<Request> creates, queries, downloads, callbacks;  // in the order they were sent

  // What the client's create says, which has more than a prompt if `change` says so.
  template <class F>
  TaskId submit_with(F change) {
    store::NewTask wanted = new_task();
    change(wanted.task.spec);
    return ask(engine().submit(std::make_unique<store::NewTask>(std::move(wanted))))
        .value()
        .task->id;
  }

  // A member of what was posted.
  static std::string posted(const Request& create, const std::string& member) {
    return json::parse(create.body)->string_or(member, "");
  }
  std::string secret_of(const Request& create) const {
    const std::string url = posted(create, "callback_url");
    return url.substr(url.rfind('/') + 1);
  }
  bool hint(TaskId id, int attempt = 1) {
    const bool taken = engine().hint(id, attempt, secret_of(creates.at(0)));
    settle();
    return taken;
  }

  static constexpr Millis kPollInterval{10'000};
  static constexpr Millis kHorizon{2 * 3'600'000};
  static constexpr Millis kLongEnough{60'000};  // for a job of the default rules to be fetched

 private:
  std::optional<Reply> answer(const Request& request) {
    if (request.egress == http::Egress::kGuarded && request.method == "POST") {
      callbacks.push_back(request);
      return testing::ScriptedNetwork::status(200);
    }
    if (request.method == "POST") {
      creates.push_back(request);
      return on_create(request);
    }
    if (!request.file.empty()) {
      downloads.push_back(request);
      return on_download(request);
    }
    queries.push_back(request);
    return on_query(request);
  }

  Rules rules_;
  provider::kling::KlingAdapter kling_;
  std::map<std::string, ConfiguredProvider> known_;
  std::map<std::string, std::unique_ptr<Upstream>> upstreams_;
};

// Made once, paid once, told once.
inline void expect_one_success(RemoteWorld& world, TaskId id) {
  const Task task = world.task(id);
  EXPECT_EQ(task.state, TaskState::kSucceeded);
  EXPECT_THAT(task.artifacts, ::testing::SizeIs(1));
  EXPECT_EQ(task.price_final, 30);
  EXPECT_THAT(world.ledger(), ::testing::SizeIs(1));
  EXPECT_EQ(std::ranges::count(world.events(id), "succeeded"), 1);
  EXPECT_EQ(world.upstream().accepted(), 1) << "one paid job";
}

}  // namespace rushes::engine

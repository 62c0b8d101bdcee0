#include "world.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <filesystem>

#include "base/check.h"
#include "edge/store/memory/memory_store.h"

namespace rushes::sim {
namespace {

using provider::Target;

constexpr std::array<std::string_view, 3> kAccounts{"alice", "bob", "carol"};
constexpr Millis kPassAtMost{120'000};
constexpr Millis kCalm{4 * 3'600'000};
constexpr int kTasksMax = 40;

template <class T>
T value_of(Result<T> result) {
  RUSHES_CHECK(result.has_value());
  return *std::move(result);
}

// What the upstream does wrong by itself.
provider::fake::Rules upstream_rules(testing::SeededEntropy& chance) {
  const auto sometimes = [&](int percent, int at_most) -> int64_t {
    return chance.below(100) < percent ? 2 + chance.below(at_most) : 0;
  };
  provider::fake::Rules rules;
  rules.queue = Millis{chance.below(20'000)};
  rules.render = Millis{1'000 + chance.below(300'000)};
  rules.drop_reply_every = sometimes(40, 8);
  rules.html_every = sometimes(40, 8);
  rules.fail_every = sometimes(40, 6);
  rules.late_every = sometimes(20, 6);
  rules.unknown_word_every = sometimes(30, 4);
  rules.no_url_every = sometimes(20, 6);
  rules.no_url = Millis{60'000};
  rules.query_html_every = sometimes(40, 10);
  rules.duplicate_callbacks = true;
  if (chance.below(2) == 0) rules.answer_every[1303] = 2 + chance.below(6);
  if (chance.below(3) == 0) rules.answer_every[5000] = 3 + chance.below(6);
  if (chance.below(4) == 0) rules.answer_every[1004] = 5 + chance.below(6);
  return rules;
}

class SimMedia final : public engine::MediaTool {
 public:
  Awaitable<Result<engine::MediaFacts>> examine(std::string path, std::string) override {
    if (!std::filesystem::exists(path)) co_return fail(ErrorCode::kCorrupt, "no file");
    co_return engine::MediaFacts{.duration = Millis{5'000}};
  }
  void stop() override {}
};

provider::fake::FakeUpstream::Options upstream_options(testing::SeededEntropy& chance) {
  provider::fake::FakeUpstream::Options options;
  options.rules = provider::fake::RuleBook(upstream_rules(chance));
  options.origin = fmt::format("https://{}", kUpstreamHost);
  options.make_video = [](const provider::fake::VideoWanted&) { return std::string("a video"); };
  return options;
}

}  // namespace

SimWorld::SimWorld(uint64_t seed)
    : chance_(seed),
      catalog_(value_of(catalog::Catalog::parse(catalog::Catalog::built_in()))),
      secret_(
          value_of(access::ServerSecret::create(std::string(access::kServerSecretSizeBytes, 's')))),
      upstream_(upstream_options(chance_)),
      network_(clock_, chance_, upstream_),
      outbox_({&dialect_}, secret_, Seconds{86'400}, chance_),
      durable_store_(store::make_memory_store(&outbox_)),
      store_(*durable_store_, point_),
      blobs_(durable_blobs_, point_),
      media_(std::make_unique<SimMedia>()) {
  outbox_.set_base_url("https://ours.sim");
  work_directory_ =
      (std::filesystem::temp_directory_path() / fmt::format("rushes-sim-{}-{}", ::getpid(), seed))
          .string();
  providers_ = configure(true);
  renderer_.succeeds_with_frames = 120;
  change_weather();
  start();
}

SimWorld::~SimWorld() {
  crash();
  std::error_code ignored;
  std::filesystem::remove_all(work_directory_, ignored);
}

// A vendor that can be asked for our handle, one that cannot, and the built-in renderer.
engine::Providers SimWorld::configure(bool with_spare) {
  engine::Providers providers;
  providers.adapters = {&kling_, &previz_};
  const auto add = [&](std::string name, std::string family,
                       std::vector<engine::ConfiguredCredential> credentials) {
    engine::ConfiguredProvider provider;
    provider.settings.name = std::move(name);
    provider.settings.adapter = "kling";
    provider.settings.base_url = fmt::format("https://{}", kUpstreamHost);
    provider.settings.family = std::move(family);
    provider.adapter = &kling_;
    provider.credentials = std::move(credentials);
    provider.requests_per_second = 20;
    provider.poll_interval = Millis{10'000};
    providers.list.push_back(std::move(provider));
  };
  add("main", "official",
      {{{.label = "first", .api_key = "key-1", .access_key = {}, .secret_key = {}}, 6},
       {{.label = "second", .api_key = "key-2", .access_key = {}, .secret_key = {}}, 6}});
  if (with_spare) {
    add("spare", "new-api",
        {{{.label = "only", .api_key = "key-3", .access_key = {}, .secret_key = {}}, 6}});
  }
  engine::ConfiguredProvider local;
  local.settings.name = local.settings.adapter = "previz";
  local.adapter = &previz_;
  providers.list.push_back(std::move(local));

  std::vector<provider::Maker> makers;
  std::vector<Target> targets;
  for (const engine::ConfiguredProvider& provider : providers.list) {
    makers.push_back({provider.settings, provider.adapter});
    Target target;
    target.provider = provider.settings.name;
    target.rank = provider.settings.name == "previz" ? 2 : 1;
    targets.push_back(std::move(target));
  }
  std::vector<provider::RouteRule> rules{{"*", std::move(targets)}};
  providers.routes =
      value_of(provider::Routes::create(catalog_, std::move(rules), std::move(makers)));
  return providers;
}

void SimWorld::start() {
  engine::Options options;
  options.work_directory = work_directory_;
  options.tick = Millis{5'000};
  options.claim_interval = Millis{30'000};
  options.horizon = Millis{2 * 3'600'000};
  options.callback_base_url = "https://ours.sim";
  options.clean_interval = Millis{30 * 86'400'000ll};
  options.deliver_check_interval = Millis{30'000};
  io_ = std::make_unique<boost::asio::io_context>(1);
  engine::Services services{store_,   blobs_,  catalog_, providers_, secret_, renderer_,
                            network_, *media_, clock_,   chance_,    clock_,  logger_};
  engine_ = engine::make_engine_on(*io_, services, options);
  engine_->start();
  settle();
}

// The process is killed: nothing that waits will ever go on.
void SimWorld::crash() {
  renderer_.renders.clear();
  clock_.forget_waits();
  network_.forget();
  engine_.reset();
  point_.forget();
  io_.reset();
}

void SimWorld::stop() {
  engine_->stop();
  pass(Millis{60'000});
  crash();
}

void SimWorld::settle() {
  while (!point_.crashed() && io_->poll_one() > 0) io_->restart();
  io_->restart();
}

void SimWorld::pass(Millis duration) {
  const Timestamp end = clock_.now() + duration;
  while (!point_.crashed()) {
    settle();
    const auto next = clock_.next_deadline();
    if (!next || *next > end) break;
    clock_.move_to(*next);
  }
  clock_.move_to(end);
  settle();
}

std::string SimWorld::step() {
  std::string name;
  const int die = below(100);
  if (die < 30) {
    name = submit();
  } else if (die < 60) {
    const Millis duration{below(static_cast<int>(kPassAtMost.count()))};
    pass(duration);
    name = fmt::format("{} ms pass", duration.count());
  } else if (die < 68) {
    crash();
    start();
    name = "the process is killed";
  } else if (die < 80) {
    // At a durable point: before or after something was written.
    point_.arm(1 + below(30));
    pass(kPassAtMost);
    name = point_.crashed() ? "the process is killed at a durable point" : "nothing is written";
    crash();
    start();
  } else if (die < 84) {
    stop();
    start();
    name = "the server is stopped and started";
  } else if (die < 87) {
    store_.refuses_writes = true;
    pass(Millis{below(60'000)});
    store_.refuses_writes = false;
    name = "the disk is full for a while";
  } else if (die < 90) {
    name = cancel();
  } else if (die < 95) {
    name = hint();
  } else if (die < 98) {
    name = change_weather();
  } else {
    name = change_configuration();
  }
  if (point_.crashed()) {
    crash();
    start();
  }
  return name;
}

std::string SimWorld::submit() {
  if (task_count() >= kTasksMax) return "nobody has anything to submit";
  auto wanted = std::make_unique<store::NewTask>();
  Task& task = wanted->task;
  task.account = {std::string(kAccounts[static_cast<size_t>(below(3))])};
  task.dialect = dialect_.name();
  task.profile = "official";
  task.spec.model = "kling-v2-6";
  task.spec.prompt = "a fox in the snow";
  task.spec.duration_s = 5;
  task.price_estimate = 15;
  const int number = ++next_name_;
  if (below(2) == 0) task.spec.external_task_id = fmt::format("client-id-{}", number);
  if (below(2) == 0) {
    task.spec.callback_url = fmt::format("https://receiver-{}.sim/hook", below(3));
  }
  Known::Task known{.account = task.account, .has_callback = !task.spec.callback_url.empty()};
  std::optional<TaskId> answered;
  if (below(5) == 0) point_.arm(1 + below(4));
  boost::asio::co_spawn(*io_, engine_->submit(std::move(wanted)),
                        [&](std::exception_ptr error, Result<store::Created> created) {
                          if (!error && created) answered = created->task->id;
                        });
  settle();
  if (!answered) return "a create that nobody answered";
  known_.acknowledged.emplace(*answered, std::move(known));
  return fmt::format("task {} is created", answered->to_string());
}

std::string SimWorld::cancel() {
  if (known_.acknowledged.empty()) return "nothing to cancel";
  auto chosen = known_.acknowledged.begin();
  std::advance(chosen, below(task_count()));
  boost::asio::co_spawn(*io_, engine_->cancel(chosen->second.account, chosen->first),
                        [](std::exception_ptr, Result<engine::Cancel>) {});
  settle();
  return fmt::format("task {} is cancelled", chosen->first.to_string());
}

// The upstream calls back: what it has to say, or somebody who only knows where.
std::string SimWorld::hint() {
  for (const provider::fake::Callback& callback : upstream_.take_callbacks(clock_.now())) {
    const std::vector<std::string> parts = [&] {
      std::vector<std::string> split;
      for (size_t at = 0; at < callback.url.size();) {
        const size_t slash = std::min(callback.url.find('/', at), callback.url.size());
        split.push_back(callback.url.substr(at, slash - at));
        at = slash + 1;
      }
      return split;
    }();
    if (parts.size() < 3) continue;
    const auto id = TaskId::parse(parts[parts.size() - 3]);
    RUSHES_CHECK(id.has_value());
    const int attempt = std::stoi(parts[parts.size() - 2]);
    RUSHES_CHECK(engine_->hint(*id, attempt, parts.back()));
    RUSHES_CHECK(!engine_->hint(*id, attempt + 1, parts.back()));
  }
  settle();
  return "the upstream calls back";
}

std::string SimWorld::change_weather() {
  const bool fair = below(3) == 0;
  network_.weather.lost_percent = fair ? 0 : below(25);
  network_.weather.ambiguous_percent = fair ? 0 : below(25);
  network_.weather.foreign_percent = fair ? 0 : below(15);
  network_.weather.receiver_fails_percent = fair ? 0 : below(100);
  network_.weather.latency_max = Millis{below(5'000)};
  return "the weather changes";
}

// The spare provider goes or comes back; what it was given goes on there all the same.
std::string SimWorld::change_configuration() {
  stop();
  providers_ = configure(below(2) == 0);
  start();
  return "the configuration changes";
}

void SimWorld::calm_down() {
  network_.weather = {};
  providers_ = configure(true);
  crash();
  start();
  pass(kCalm);
}

Evidence SimWorld::evidence() { return {*durable_store_, upstream_, network_, dialect_, known_}; }

std::vector<std::string> SimWorld::broken_promises() { return sim::broken_promises(evidence()); }
std::vector<std::string> SimWorld::unfinished_business() {
  return sim::unfinished_business(evidence());
}

}  // namespace rushes::sim

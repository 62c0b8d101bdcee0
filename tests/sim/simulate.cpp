// Runs the simulator: fresh seeds for a time, the pinned ones, or one that is to be looked at.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <optional>

#include "edge/platform/clock.h"
#include "world.h"

namespace rushes::sim {
namespace {

constexpr int kStepsPerSeed = 120;
constexpr int kTailLines = 15;

struct Story {
  bool told = false;  // every step is printed as it happens
  std::vector<std::string> steps;
};

void report(uint64_t seed, const Story& story, const std::vector<std::string>& broken) {
  fmt::print("seed {} breaks a promise:\n", seed);
  for (const std::string& line : broken) fmt::print("  {}\n", line);
  const size_t count = story.steps.size();
  fmt::print("after {} steps, the last of which were:\n", count);
  for (size_t i = count > kTailLines ? count - kTailLines : 0; i < count; ++i) {
    fmt::print("  {:4} {}\n", i, story.steps[i]);
  }
  fmt::print("replay it with: simulate --seed {}\n", seed);
}

// True if every promise held; `tasks` grows by those that were created.
bool run(uint64_t seed, bool told, int64_t& tasks) {
  SimWorld world(seed);
  Story story{told, {}};
  for (int i = 0; i < kStepsPerSeed; ++i) {
    story.steps.push_back(world.step());
    if (told) fmt::print("{:4} {}\n", i, story.steps.back());
    if (const auto broken = world.broken_promises(); !broken.empty()) {
      report(seed, story, broken);
      return false;
    }
  }
  world.calm_down();
  story.steps.push_back("the weather clears, and hours pass");
  auto broken = world.broken_promises();
  for (std::string& line : world.unfinished_business()) broken.push_back(std::move(line));
  tasks += world.task_count();
  if (broken.empty()) return true;
  report(seed, story, broken);
  return false;
}

int run_pinned(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    fmt::print(stderr, "{} cannot be read\n", path);
    return 2;
  }
  int64_t tasks = 0;
  int seeds = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (!run(std::stoull(line), false, tasks)) return 1;
    ++seeds;
  }
  fmt::print("{} pinned seeds, {} tasks: every promise held\n", seeds, tasks);
  return 0;
}

int run_fresh(int seconds) {
  SystemEntropy entropy;
  const SystemClock clock;
  const auto end = clock.monotonic() + std::chrono::seconds(seconds);
  int64_t tasks = 0;
  int seeds = 0;
  while (clock.monotonic() < end) {
    if (!run(entropy.next_u64() >> 1, false, tasks)) return 1;
    ++seeds;
  }
  fmt::print("{} fresh seeds, {} tasks in {} s: every promise held\n", seeds, tasks, seconds);
  return 0;
}

}  // namespace
}  // namespace rushes::sim

int main(int argc, char** argv) {
  CLI::App app{"Simulates the engine in a hostile world and checks its promises."};
  int seconds = 0;
  std::optional<uint64_t> seed;
  std::string pinned;
  app.add_option("--seconds", seconds, "fresh seeds for this long");
  app.add_option("--seed", seed, "one seed, told step by step");
  app.add_option("--pinned", pinned, "a file of seeds, one a line");
  CLI11_PARSE(app, argc, argv);
  int64_t tasks = 0;
  if (seed) return rushes::sim::run(*seed, true, tasks) ? 0 : 1;
  if (!pinned.empty()) return rushes::sim::run_pinned(pinned);
  return rushes::sim::run_fresh(seconds > 0 ? seconds : 10);
}

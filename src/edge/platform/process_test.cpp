#include "edge/platform/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fstream>
#include <optional>

namespace rushes::process {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Outcome {
  Exit exit;
  std::vector<std::string> lines;
};

Awaitable<> keep_exit(Child& child, std::optional<Exit>* out) {
  out->emplace(co_await child.wait());
}

// Runs a shell script; `at_line` is called with each line and the child.
Outcome run(const std::string& script, std::function<void(Child&, std::string_view)> at_line = {},
            Options options = {}) {
  boost::asio::io_context context;
  Outcome outcome;
  options.argv = {"/bin/sh", "-c", script};
  options.environment = {"PATH=/usr/bin:/bin"};
  std::unique_ptr<Child> child;
  auto started = Child::start(options, context.get_executor(), [&](std::string_view line) {
    outcome.lines.emplace_back(line);
    if (at_line) at_line(*child, line);
  });
  EXPECT_TRUE(started);
  child = std::move(*started);
  std::optional<Exit> exit;
  boost::asio::co_spawn(context, keep_exit(*child, &exit), boost::asio::detached);
  context.run();
  outcome.exit = *exit;
  return outcome;
}

bool exists(int pid) { return ::kill(pid, 0) == 0; }

// Waits for the kernel to carry a kill out; a zombie is dead, whoever has to reap it.
bool ends(int pid) {
  for (int i = 0; i < 1'000'000; ++i) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string number, name, state;
    if (!(stat >> number >> name >> state) || state == "Z") return true;
    ::sched_yield();
  }
  return false;
}

TEST(Process, GivesLinesExitCodeAndTheTailOfErrors) {
  const Outcome outcome = run("echo one; printf 'two\\nthree'; echo oops >&2; exit 3");
  EXPECT_THAT(outcome.lines, ElementsAre("one", "two", "three"));
  EXPECT_EQ(outcome.exit.code, 3);
  EXPECT_EQ(outcome.exit.error_tail, "oops\n");
  EXPECT_FALSE(outcome.exit.ok());
}

TEST(Process, BothPipesMayOverflowWithoutBlocking) {
  const Outcome outcome =
      run("head -c 300000 /dev/zero | tr '\\0' e >&2; head -c 300000 /dev/zero | tr '\\0' o; "
          "echo last >&2");
  EXPECT_TRUE(outcome.exit.ok());
  ASSERT_EQ(outcome.lines.size(), 1u);
  EXPECT_EQ(outcome.lines[0].size(), kLineSizeMax);
  EXPECT_EQ(outcome.exit.error_tail.size(), kErrorTailMax);
  EXPECT_THAT(outcome.exit.error_tail, HasSubstr("last"));
}

TEST(Process, KillEndsTheWholeGroup) {
  int grandchild = 0;
  const Outcome outcome =
      run("sleep 1000 & echo $!; wait", [&](Child& child, std::string_view line) {
        grandchild = std::stoi(std::string(line));
        child.kill();
      });
  EXPECT_EQ(outcome.exit.signal, SIGKILL);
  ASSERT_GT(grandchild, 0);
  EXPECT_TRUE(ends(grandchild));
}

TEST(Process, GrandchildrenDoNotOutliveTheChild) {
  const Outcome outcome = run("sleep 1000 >/dev/null 2>&1 & echo $!");
  EXPECT_TRUE(outcome.exit.ok());
  ASSERT_EQ(outcome.lines.size(), 1u);
  EXPECT_TRUE(ends(std::stoi(outcome.lines[0])));
}

TEST(Process, EnvironmentIsExactlyWhatWasGiven) {
  EXPECT_THAT(run("env | grep -v '^PWD=\\|^_=\\|^SHLVL=\\|^OLDPWD='").lines,
              ElementsAre("PATH=/usr/bin:/bin"));
}

TEST(Process, LimitsAreInForce) {
  Options options;
  options.nice = 7;
  options.memory_bytes_max = 512ull << 20;
  options.working_directory = "/usr";
  const Outcome outcome =
      run("nice; ulimit -v; ulimit -c; pwd; ls /proc/self/fd | wc -l", {}, options);
  EXPECT_THAT(outcome.lines, ElementsAre("7", "524288", "0", "/usr", "4"));
}

TEST(Process, AProgramThatDoesNotExistEndsWith127) {
  boost::asio::io_context context;
  Options options;
  options.argv = {"/does/not/exist"};
  auto child = Child::start(options, context.get_executor(), [](std::string_view) {});
  ASSERT_TRUE(child);
  std::optional<Exit> exit;
  boost::asio::co_spawn(context, keep_exit(**child, &exit), boost::asio::detached);
  context.run();
  EXPECT_EQ(exit->code, 127);
}

TEST(Process, ADestroyedChildIsKilled) {
  boost::asio::io_context context;
  Options options;
  options.argv = {"/bin/sleep", "1000"};
  auto child = Child::start(options, context.get_executor(), [](std::string_view) {});
  ASSERT_TRUE(child);
  const int pid = (*child)->pid();
  EXPECT_TRUE(exists(pid));
  child->reset();
  EXPECT_FALSE(exists(pid));
}

}  // namespace
}  // namespace rushes::process

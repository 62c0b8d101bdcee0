// Deliveries a second to one receiver: out of a SQLite store, signed, through the real client, each
// result durable. Beside it the CPU time of this process for each.
//
//   deliver_bench URL [DIRECTORY] [DELIVERIES]
#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/check.h"
#include "core/wire/url.h"
#include "edge/platform/blocking.h"
#include "edge/store/sqlite/sqlite_store.h"
#include "server/engine/deliver.h"
#include "testing/fakes.h"

namespace rushes::engine {
namespace {

constexpr int kFillers = 64;
constexpr Millis kLook{5};

store::Delivery delivery_of(int64_t number, const std::string& url, Timestamp now) {
  const auto parsed = wire::parse_url(url);
  RUSHES_CHECK(parsed.has_value());
  store::Delivery delivery;
  delivery.id = TaskId{static_cast<uint64_t>(number)};
  delivery.task = TaskId{1'000'000'000ull + static_cast<uint64_t>(number)};
  delivery.account = {"acc1"};
  delivery.event = "succeed";
  delivery.terminal = true;
  delivery.url = url;
  delivery.host = fmt::format("{}:{}", parsed->host, parsed->port);
  delivery.body = fmt::format(R"({{"task_id":"{}","task_status":"succeed","task_status_msg":"",)"
                              R"("created_at":1722769557708,"updated_at":1722769557708,)"
                              R"("task_result":{{"videos":[{{"id":"867283741759111202","url":)"
                              R"("https://video.example.com/files/867283741759111202/x.mp4",)"
                              R"("duration":"5.041"}}]}}}})",
                              number);
  delivery.created_at = delivery.due_at = now;
  return delivery;
}

Awaitable<> fill(store::Store& store, std::string url, Timestamp now, int64_t& next, int64_t last) {
  while (next <= last) {
    store::Delivery delivery = delivery_of(next++, url, now);
    const auto added = co_await store.add_delivery(std::move(delivery));
    RUSHES_CHECK(added.has_value());
  }
}

// Stops when nothing is left to send.
Awaitable<> watch(store::Store& store, Deliver& deliver, Timer& timer) {
  for (;;) {
    co_await timer.wait(kLook);
    const auto due = co_await store.earliest_due_delivery();
    if (due && !*due && deliver.idle()) break;
  }
  deliver.stop();
}

double cpu_seconds() {
  rusage used{};
  RUSHES_CHECK(::getrusage(RUSAGE_SELF, &used) == 0);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void run(const std::string& url, const std::string& directory, int64_t deliveries) {
  auto store = store::open_sqlite_store({.directory = directory});
  RUSHES_CHECK(store.has_value());
  const SystemClock clock;
  SystemEntropy entropy;
  SystemTimers timers;
  testing::SilentLogger logger;
  const auto secret = webhook::Secret::make(std::string(webhook::kSecretSizeBytes, 'k'));
  RUSHES_CHECK(
      run_to_end((*store)->add_webhook_secret({"acc1"}, secret.to_string(), clock.now(), {})));
  {
    boost::asio::io_context io{1};
    int64_t next = 1;
    for (int i = 0; i < kFillers; ++i) {
      boost::asio::co_spawn(io, fill(**store, url, clock.now(), next, deliveries),
                            boost::asio::detached);
    }
    io.run();
  }
  http::OutboundOptions outbound;
  outbound.allowed_networks = {"127.0.0.0/8"};
  auto network = http::make_outbound(std::move(outbound));
  RUSHES_CHECK(network.has_value());
  boost::asio::io_context io{1};
  Deliver deliver(
      {**store, **network, clock, entropy, timers, logger,
       [](const AccountId&, std::string_view sealed) { return webhook::Secret::parse(sealed); }},
      {}, io.get_executor());
  const auto timer = timers.make(io.get_executor());
  const double cpu = cpu_seconds();
  const auto began = clock.monotonic();
  deliver.start();
  boost::asio::co_spawn(io, watch(**store, deliver, *timer), boost::asio::detached);
  io.run();
  const double seconds = std::chrono::duration<double>(clock.monotonic() - began).count();
  const auto count = static_cast<double>(deliveries);
  fmt::print("deliveries a second (goal >= 2000): {:.0f}\n", count / seconds);
  fmt::print("CPU per delivery:                   {:.0f} us\n",
             (cpu_seconds() - cpu) / count * 1e6);
  const auto last = run_to_end((*store)->list_deliveries({}, {}, 1));
  RUSHES_CHECK(last && last->at(0).state == store::DeliveryState::kDelivered);
}

}  // namespace
}  // namespace rushes::engine

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: deliver_bench URL [DIRECTORY] [DELIVERIES]\n");
    return 2;
  }
  const std::string directory =
      argc > 2 ? argv[2] : (std::filesystem::temp_directory_path() / "rushes-bench").string();
  std::filesystem::remove_all(directory);
  rushes::engine::run(argv[1], directory, argc > 3 ? std::atoll(argv[3]) : 20'000);
  std::filesystem::remove_all(directory);
  return 0;
}

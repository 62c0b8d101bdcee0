// A Kling-shaped upstream over real HTTP, for measuring what stands before it:
//
//   bench_upstream '{"queue_ms":0,"render_ms":60000}'
//
// prints "listening on http://127.0.0.1:PORT" and serves until it is killed.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "base/json/value.h"
#include "core/provider/fake/upstream.h"
#include "edge/http/server.h"
#include "edge/platform/clock.h"

namespace rushes {
namespace {

int serve(std::string_view rules_text) {
  const auto rules = json::parse(rules_text);
  auto book = rules ? provider::fake::RuleBook::parse(*rules) : std::unexpected(rules.error());
  if (!book) {
    fmt::print(stderr, "{}\n", book.error().message);
    return 2;
  }
  std::mutex mutex;  // guards upstream
  provider::fake::FakeUpstream::Options upstream_options;
  upstream_options.rules = *std::move(book);
  provider::fake::FakeUpstream upstream(std::move(upstream_options));
  const SystemClock clock;

  http::ServerOptions options;
  options.host = "127.0.0.1";
  options.threads = 1;
  options.clock = &clock;
  auto server = http::Server::create(
      options,
      [&](wire::Request request) -> Awaitable<wire::Response> {
        const std::lock_guard lock(mutex);
        co_return upstream.handle(request, clock.now());
      },
      [](int status, std::string_view) {
        wire::Response response;
        response.status = status;
        return response;
      });
  if (!server) {
    fmt::print(stderr, "{}\n", server.error().message);
    return 1;
  }
  fmt::print("listening on http://127.0.0.1:{}\n", (*server)->port());
  std::fflush(stdout);
  for (;;) ::pause();
}

}  // namespace
}  // namespace rushes

int main(int argc, char** argv) { return rushes::serve(argc > 1 ? argv[1] : "{}"); }

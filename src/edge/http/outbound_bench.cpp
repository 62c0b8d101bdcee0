// Requests a second of the outbound client to a local server with one thread: a small GET as of a
// poll and a small POST as of a callback, held against libcurl alone in the same run.
//
//   outbound_bench [CONCURRENT] [REQUESTS]
#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/check.h"
#include "edge/http/outbound.h"
#include "edge/http/server.h"

namespace rushes::http {
namespace {

const std::string kBody(600, 'x');

Awaitable<wire::Response> answer(wire::Request) {
  wire::Response response;
  response.body = kBody;
  co_return response;
}

wire::Response refuse(int status, std::string_view) { return {.status = status}; }

struct Pace {
  double per_second = 0;
  double cpu_us_each = 0;  // of the whole process, the server's among it
};

class Stopwatch {
 public:
  Pace lap(int64_t count) const {
    const auto n = static_cast<double>(count);
    const double seconds =
        std::chrono::duration<double>(SystemClock().monotonic() - start_).count();
    return {n / seconds, (cpu_us() - cpu_start_) / n};
  }

 private:
  static double cpu_us() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto us = [](const timeval& t) { return 1e6 * double(t.tv_sec) + double(t.tv_usec); };
    return us(usage.ru_utime) + us(usage.ru_stime);
  }
  std::chrono::steady_clock::time_point start_ = SystemClock().monotonic();
  double cpu_start_ = cpu_us();
};

Awaitable<> client(Outbound& outbound, OutboundRequest request, int64_t& left) {
  while (left-- > 0) {
    const OutboundReply reply = co_await outbound.send(request);
    RUSHES_CHECK(reply.fault == Fault::kNone && reply.body.size() == kBody.size());
  }
}

Pace measure_outbound(const OutboundRequest& request, int concurrent, int64_t requests) {
  auto outbound =
      make_outbound({.allowed_networks = {"127.0.0.0/8"}, .connections_per_origin_max = 128});
  RUSHES_CHECK(outbound.has_value());
  boost::asio::io_context io{1};
  const Stopwatch watch;
  int64_t left = requests;
  for (int i = 0; i < concurrent; ++i) {
    boost::asio::co_spawn(io, client(**outbound, request, left), boost::asio::detached);
  }
  io.run();
  return watch.lap(requests);
}

size_t drop(char*, size_t, size_t count, void*) { return count; }

// As many transfers as the client above has connections.
Pace measure_curl(const OutboundRequest& request, int concurrent, int64_t requests) {
  CURLM* multi = curl_multi_init();
  std::vector<CURL*> handles;
  for (int i = 0; i < std::min(concurrent, 128); ++i) {
    CURL* handle = handles.emplace_back(curl_easy_init());
    curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop);
    if (request.method == "POST")
      curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
    curl_multi_add_handle(multi, handle);
  }
  const Stopwatch watch;
  int64_t done = 0;
  while (done < requests) {
    int running = 0;
    curl_multi_perform(multi, &running);
    while (const CURLMsg* message = curl_multi_info_read(multi, &running)) {
      RUSHES_CHECK(message->data.result == CURLE_OK);
      CURL* handle = message->easy_handle;
      curl_multi_remove_handle(multi, handle);
      curl_multi_add_handle(multi, handle);
      ++done;
    }
    curl_multi_poll(multi, nullptr, 0, 1'000, nullptr);
  }
  const Pace pace = watch.lap(done);
  for (CURL* handle : handles) {
    curl_multi_remove_handle(multi, handle);
    curl_easy_cleanup(handle);
  }
  curl_multi_cleanup(multi);
  return pace;
}

void run(int concurrent, int64_t requests) {
  auto server = Server::create({.threads = 1}, answer, refuse);
  RUSHES_CHECK(server.has_value());
  OutboundRequest get{.url = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/"};
  OutboundRequest post = get;
  post.method = "POST";
  post.body = kBody;
  for (const OutboundRequest& request : {get, post}) {
    const Pace ours = measure_outbound(request, concurrent, requests);
    const Pace bare = measure_curl(request, concurrent, requests);
    fmt::print("{:4}/s, {} at once (goal >= 2000): {:6.0f}, {:.0f} us of CPU each\n",
               request.method, concurrent, ours.per_second, ours.cpu_us_each);
    fmt::print("{:4}/s, libcurl alone:             {:6.0f}, {:.0f} us of CPU each\n",
               request.method, bare.per_second, bare.cpu_us_each);
  }
  (*server)->stop(Millis(0));
}

}  // namespace
}  // namespace rushes::http

int main(int argc, char** argv) {
  const int concurrent = argc > 1 ? std::atoi(argv[1]) : 1'000;
  const int64_t requests = argc > 2 ? std::atoll(argv[2]) : 50'000;
  rushes::http::run(concurrent, requests);
  return 0;
}

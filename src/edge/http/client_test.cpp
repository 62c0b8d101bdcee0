#include "edge/http/client.h"

#include <gtest/gtest.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "edge/http/test_kit.h"

namespace rushes::http {
namespace {

using testing::RecordingServer;
using testing::TemporaryFolder;
using namespace std::chrono_literals;

std::unique_ptr<Client> make_client(ClientOptions options = {}) {
  auto client = Client::create(std::move(options));
  EXPECT_TRUE(client);
  return std::move(*client);
}

std::string url_of(RecordingServer& server, const std::string& target,
                   const std::string& scheme = "http") {
  return scheme + "://127.0.0.1:" + std::to_string(server->port()) + target;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Answers by target; "/never" waits until the server ends.
Awaitable<wire::Response> serve(wire::Request request) {
  wire::Response response;
  if (request.target == "/never") {
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
        timer(co_await boost::asio::this_coro::executor,
              std::chrono::steady_clock::time_point::max());
    co_await timer.async_wait(boost::asio::use_awaitable_t<Executor>{});
  } else if (request.target == "/moved") {
    response.status = 302;
    response.headers.add("Location", "/elsewhere");
  } else if (request.target == "/missing") {
    response.status = 404;
    response.body = "not here";
  } else if (request.target == "/large") {
    response.body = std::string(100'000, 'x');
  } else if (request.target != "/empty") {
    const std::string* note = request.headers.find("X-Note");
    response.body = request.method + " " + request.body + " " + (note ? *note : "none");
    response.headers.add("X-Echo", "  padded ");
  }
  co_return response;
}

TEST(Client, SendsMethodFieldsAndBodyAndReadsTheWholeAnswer) {
  RecordingServer server({.threads = 1}, serve);
  const auto client = make_client();
  for (const char* method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) {
    ClientRequest request{.method = method, .url = url_of(server, "/")};
    if (method != std::string("GET")) request.body = "text";
    request.headers.add("X-Note", "hello");
    const auto response = client->request(request);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, method + std::string(" ") + request.body + " hello");
    EXPECT_EQ(*response->headers.find("x-echo"), "padded");
  }
  const auto head = client->request({.method = "HEAD", .url = url_of(server, "/")});
  ASSERT_TRUE(head);
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(*head->headers.find("Content-Length"), "10");
  EXPECT_EQ(server->connection_count(), 1);  // kept over all of them
}

TEST(Client, ReportsEveryStatusAndFollowsNoRedirect) {
  RecordingServer server({.threads = 1}, serve);
  const auto client = make_client();
  EXPECT_EQ(client->request({.url = url_of(server, "/missing")})->status, 404);
  EXPECT_EQ(client->request({.url = url_of(server, "/moved")})->status, 302);
  EXPECT_EQ(server.executed().size(), 2u);
}

TEST(Client, LimitsTheBodyToTheByte) {
  RecordingServer server({.threads = 1}, serve);
  const auto client = make_client();
  ClientRequest request{.url = url_of(server, "/large"), .body_bytes_max = 100'000};
  EXPECT_EQ(client->request(request)->body.size(), 100'000u);
  request.body_bytes_max = 99'999;
  const auto refused = client->request(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kLimitExceeded);
}

TEST(Client, SaysWhatWentWrong) {
  RecordingServer server({.threads = 1}, serve);
  const auto client = make_client();
  struct Case {
    ClientRequest request;
    ErrorCode code;
  };
  wire::Headers split;
  split.add("X", "a\r\nY: b");
  uint16_t free_port;
  {
    RecordingServer gone;
    free_port = gone->port();
  }
  for (const Case& c : std::vector<Case>{
           {{.url = "http://127.0.0.1:" + std::to_string(free_port)}, ErrorCode::kUnavailable},
           {{.url = url_of(server, "/never"), .timeout = 1s}, ErrorCode::kDeadlineExceeded},
           {{.url = "file:///etc/passwd"}, ErrorCode::kInvalidInput},
           {{.url = "http://127.0.0.1:x/"}, ErrorCode::kInvalidInput},
           {{.method = "GET /x", .url = url_of(server, "/")}, ErrorCode::kInvalidInput},
           {{.url = url_of(server, "/"), .headers = split}, ErrorCode::kInvalidInput},
           {{.url = url_of(server, "/", "https")}, ErrorCode::kUnavailable},
       }) {
    const auto response = client->request(c.request);
    ASSERT_FALSE(response) << c.request.url;
    EXPECT_EQ(response.error().code, c.code) << response.error().message;
  }
  EXPECT_TRUE(client->request({.url = url_of(server, "/")}));  // usable after each
}

TEST(ClientDownload, WritesTheFileWhenAllOfItIsThere) {
  RecordingServer server({.threads = 1}, serve);
  const TemporaryFolder folder;
  const auto client = make_client();
  uint64_t last_done = 0, last_total = 0;
  const auto response = client->download({.url = url_of(server, "/large")}, folder / "video.mp4",
                                         [&](uint64_t done, uint64_t total) {
                                           EXPECT_GE(done, last_done);
                                           last_done = done;
                                           last_total = total;
                                           return Client::Continue::kYes;
                                         });
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(read_file(folder / "video.mp4"), std::string(100'000, 'x'));
  EXPECT_FALSE(std::filesystem::exists(folder / "video.mp4.part"));
  EXPECT_EQ(last_done, 100'000u);
  EXPECT_EQ(last_total, 100'000u);

  ASSERT_TRUE(client->download({.url = url_of(server, "/empty")}, folder / "empty", nullptr));
  EXPECT_TRUE(std::filesystem::exists(folder / "empty"));
}

TEST(ClientDownload, LeavesNoFileOtherwise) {
  RecordingServer server({.threads = 1}, serve);
  const TemporaryFolder folder;
  const auto client = make_client();
  const std::string path = folder / "f";

  const auto missing = client->download({.url = url_of(server, "/missing")}, path, nullptr);
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->status, 404);
  EXPECT_EQ(missing->body, "not here");

  const auto large =
      client->download({.url = url_of(server, "/large"), .body_bytes_max = 99'999}, path, nullptr);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimitExceeded);

  const auto cancelled = client->download({.url = url_of(server, "/large")}, path,
                                          [](uint64_t, uint64_t) { return Client::Continue::kNo; });
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);

  const auto unwritable =
      client->download({.url = url_of(server, "/large")}, folder / "none/f", nullptr);
  ASSERT_FALSE(unwritable);
  EXPECT_EQ(unwritable.error().code, ErrorCode::kInternal);

  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
}

}  // namespace
}  // namespace rushes::http

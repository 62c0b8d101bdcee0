#include "edge/http/server.h"

#include <gtest/gtest.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <thread>

#include "edge/http/request_cases.h"
#include "edge/http/test_kit.h"

namespace rushes::http {
namespace {

using testing::RawClient;
using testing::RecordingServer;
using testing::Reply;
using testing::TemporaryFolder;
using namespace std::chrono_literals;

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// Lets handlers wait until the test opens it.
class Gate {
 public:
  Awaitable<> wait() {
    const Executor executor = co_await boost::asio::this_coro::executor;
    Timer timer(executor, std::chrono::steady_clock::time_point::max());
    arrived_.set_value({executor, &timer});
    boost::system::error_code opened;
    constexpr boost::asio::use_awaitable_t<Executor> kAwait{};
    co_await timer.async_wait(boost::asio::redirect_error(kAwait, opened));
  }
  // After somebody waits.
  void wait_for_arrival() { waiter_ = arrived_.get_future().get(); }
  void open() {
    boost::asio::post(waiter_.executor.value(), [timer = waiter_.timer] { timer->cancel(); });
  }

 private:
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  struct Waiter {
    std::optional<Executor> executor;
    Timer* timer = nullptr;
  };
  std::promise<Waiter> arrived_;
  Waiter waiter_;
};

Handler answer_with(wire::Response response) {
  return [response](wire::Request) -> Awaitable<wire::Response> { co_return response; };
}

std::string patterned(size_t size_bytes) {
  std::string bytes(size_bytes, '\0');
  for (size_t i = 0; i < size_bytes; ++i) bytes[i] = static_cast<char>(i * 31 + (i >> 13));
  return bytes;
}

TEST(Server, AnswersEveryStreamAsTheTableSaysAndRunsNoHiddenRequest) {
  RecordingServer server;
  for (const auto& c : testing::request_cases()) {
    const size_t before = server.executed().size();
    RawClient client(server->port());
    client.send(c.bytes);
    client.finish_sending();
    const auto replies = client.read_replies();
    const bool is_refused = c.refusal_status != 0;
    ASSERT_EQ(replies.size(), c.executed.size() + (is_refused ? 1 : 0)) << c.name;
    for (size_t i = 0; i < c.executed.size(); ++i) {
      EXPECT_EQ(replies[i].status, 200) << c.name;
      EXPECT_EQ(replies[i].body, c.executed[i]) << c.name;
    }
    if (is_refused) {
      EXPECT_EQ(replies.back().status, c.refusal_status) << c.name;
      EXPECT_TRUE(replies.back().body.starts_with("refused " + std::to_string(c.refusal_status)))
          << c.name << ": " << replies.back().body;
      EXPECT_TRUE(replies.back().closes()) << c.name;
    }
    EXPECT_EQ(server.executed().size(), before + c.executed.size()) << c.name;
  }
  for (const std::string& line : server.executed()) EXPECT_FALSE(line.contains("hidden")) << line;
}

TEST(Server, ClosesAfterARefusalWithoutTheClientsHelp) {
  RecordingServer server;
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\n\r\n" + kGet);
  const auto replies = client.read_replies();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].status, 400);
}

TEST(Server, RunsNothingThatFollowsTheLastRequest) {
  RecordingServer server;
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + testing::kHidden);
  EXPECT_EQ(client.read_replies().size(), 1u);
  EXPECT_EQ(server.executed().size(), 1u);
}

TEST(Server, SendsTheFieldsOfItsOwn) {
  class StoppedClock final : public Clock {
   public:
    Timestamp now() const override { return from_unix_ms(784'111'777'000); }
    std::chrono::steady_clock::time_point monotonic() const override { return {}; }
  } clock;
  RecordingServer server({.threads = 1, .clock = &clock});
  RawClient client(server->port());
  client.send(kGet);
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply);
  EXPECT_EQ(*reply->headers.find("Date"), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(*reply->headers.find("Server"), "rushes");
  EXPECT_EQ(*reply->headers.find("Content-Length"), "6");
  EXPECT_EQ(reply->headers.find("Connection"), nullptr);
}

TEST(Server, KeepsTheConnectionAsTheVersionAndTheClientSay) {
  struct Case {
    std::string request, connection;
  };
  RecordingServer server;
  for (const Case& c : std::vector<Case>{
           {kGet, ""},
           {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close"},
           {"GET / HTTP/1.0\r\n\r\n", "close"},
           {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive"},
       }) {
    RawClient client(server->port());
    client.send(c.request);
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply) << c.request;
    const std::string* connection = reply->headers.find("Connection");
    EXPECT_EQ(connection ? *connection : "", c.connection) << c.request;
    if (c.connection == "close") {
      EXPECT_TRUE(client.reads_end()) << c.request;
    } else {
      client.send(kGet);
      EXPECT_TRUE(client.read_reply()) << c.request;
    }
  }
}

TEST(Server, TellsTheHandlerWhoAsks) {
  RecordingServer server({.threads = 1}, [](wire::Request request) -> Awaitable<wire::Response> {
    wire::Response response;
    response.body = request.peer + (request.secure ? " secure" : " plain");
    co_return response;
  });
  RawClient client(server->port());
  client.send(kGet);
  EXPECT_EQ(client.read_reply()->body, "127.0.0.1 plain");
}

TEST(Server, AnswersAHundredPipelinedRequestsInOrder) {
  RecordingServer server;
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  }
  RawClient client(server->port());
  client.send(requests);
  for (int i = 0; i < 100; ++i) {
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply) << i;
    EXPECT_EQ(reply->body, "POST /" + std::to_string(i) + " abc");
  }
}

TEST(Server, ReadsARequestThatComesByteByByte) {
  RecordingServer server;
  RawClient client(server->port());
  for (const char c :
       std::string("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "5;e=f\r\nabcde\r\n0\r\nT: u\r\n\r\n")) {
    ASSERT_TRUE(client.send({&c, 1}));
  }
  EXPECT_EQ(client.read_reply()->body, "POST /x abcde");
}

TEST(Server, SendsContinueOnlyToThoseWhoWaitForIt) {
  RecordingServer server;
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
  RawClient waiting(server->port());
  waiting.send(post + "3\r\n\r\n");
  EXPECT_EQ(waiting.read_reply()->status, 100);
  waiting.send("abc");
  EXPECT_EQ(waiting.read_reply()->body, "POST / abc");

  RawClient hasty(server->port());
  hasty.send(post + "3\r\n\r\nabc");
  EXPECT_EQ(hasty.read_reply()->status, 200);

  RawClient large(server->port());
  large.send(post + "1048577\r\n\r\n");
  const auto replies = large.read_replies();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].status, 413);
}

TEST(Server, AnswersHeadWithTheHeaderOfGetAndNoBody) {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", "0123456789");
  RecordingServer server({.threads = 1},
                         [path](wire::Request request) -> Awaitable<wire::Response> {
                           wire::Response response;
                           if (request.target == "/file") {
                             response.file = wire::FileBody{path, 2, 5};
                           } else {
                             response.body = "hello";
                           }
                           co_return response;
                         });
  for (const char* target : {"/file", "/text"}) {
    RawClient client(server->port());
    const std::string rest = std::string(" ") + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send("HEAD" + rest + "GET" + rest);
    const auto head = client.read_reply(true);
    const auto get = client.read_reply();
    ASSERT_TRUE(head && get);
    EXPECT_EQ(*head->headers.find("Content-Length"), "5");
    EXPECT_EQ(get->body, target == std::string("/file") ? "23456" : "hello");
  }
}

TEST(Server, GivesStatusesWithoutBodyNone) {
  wire::Response response{.status = 204};
  response.body = "ignored";
  RecordingServer server({.threads = 1}, answer_with(response));
  RawClient client(server->port());
  client.send(kGet + kGet);
  client.finish_sending();
  EXPECT_EQ(client.read_replies().size(), 2u);
}

TEST(Server, SendsFilesAndPartsOfThemAlsoLargerThanTheSocketsBuffers) {
  const TemporaryFolder folder;
  const std::string bytes = patterned(12'000'000);
  const std::string path = folder.write("big", bytes);
  RecordingServer server(
      {.threads = 1}, [path](wire::Request request) -> Awaitable<wire::Response> {
        wire::Response response;
        const size_t dash = request.target.find('-');
        response.file = wire::FileBody{path, std::stoull(request.target.substr(1, dash - 1)),
                                       std::stoull(request.target.substr(dash + 1))};
        co_return response;
      });
  struct Part {
    size_t offset, size;
  };
  RawClient client(server->port(), 8 * 1024);
  for (const Part part : {Part{0, bytes.size()}, Part{1, 1}, Part{bytes.size(), 0}, Part{0, 0},
                          Part{bytes.size() - 70'000, 70'000}}) {
    client.send("GET /" + std::to_string(part.offset) + "-" + std::to_string(part.size) +
                " HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200);
    EXPECT_TRUE(reply->body == bytes.substr(part.offset, part.size)) << part.offset;
  }
  client.send("GET /12000000-1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_reply()->status, 500);
}

TEST(Server, SendsBodiesOfEverySizeWhole) {
  RecordingServer server({.threads = 1}, [](wire::Request request) -> Awaitable<wire::Response> {
    wire::Response response;
    response.body = patterned(std::stoull(request.target.substr(1)));
    co_return response;
  });
  RawClient client(server->port(), 8 * 1024);
  for (const size_t size : {0, 1, 16 * 1024, 16 * 1024 + 1, 9'000'000}) {
    client.send("GET /" + std::to_string(size) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.read_reply()->body == patterned(size)) << size;
  }
}

TEST(Server, AnswersInternalErrorForResponsesThatCannotBeSent) {
  wire::Response injected, informal{.status = 100}, lost;
  injected.headers.add("X", "a\r\nY: b");
  lost.file = wire::FileBody{"/nonexistent", 0, 1};
  for (const wire::Response& response : {injected, informal, lost}) {
    RecordingServer server({.threads = 1}, answer_with(response));
    RawClient client(server->port());
    client.send(kGet);
    const auto replies = client.read_replies();
    ASSERT_EQ(replies.size(), 1u);
    EXPECT_EQ(replies[0].status, 500);
    EXPECT_EQ(replies[0].body, "refused 500");
    EXPECT_TRUE(replies[0].closes());
  }
}

TEST(Server, AnswersForAHandlerThatThrowsAndCloses) {
  RecordingServer server({.threads = 1}, [](wire::Request request) -> Awaitable<wire::Response> {
    if (request.target == "/throw") throw std::runtime_error("oops");
    co_return wire::Response{};
  });
  RawClient client(server->port());
  client.send("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
  const auto replies = client.read_replies();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].status, 500);
  RawClient other(server->port());
  other.send(kGet);
  EXPECT_EQ(other.read_reply()->status, 200);
}

// ---- Limits -----------------------------------------------------------------------------------

TEST(ServerLimits, HoldForTheHeaderToTheByte) {
  RecordingServer server;
  for (const int excess : {0, 1}) {
    std::string header = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    header += std::string(16 * 1024 + excess - header.size() - 4, 'x') + "\r\n\r\n";
    RawClient client(server->port());
    client.send(header);
    EXPECT_EQ(client.read_reply()->status, excess ? 431 : 200);
  }
}

TEST(Server, TellsWhoRefusesWhatWasAskedFor) {
  RecordingServer server;
  const std::string large = "Content-Length: 99999999\r\n\r\n";
  const std::string endless(16 * 1024, 'x');
  const std::pair<std::string, std::string> cases[] = {
      {"POST /a?b HTTP/1.1\r\nHost: a\r\n" + large, "refused 413 /a?b"},
      {"GET /a HTTP/1.1\r\nHost: a\r\nX: " + endless, "refused 431 /a"},
      {"GET /a HTTP/1.1\r\nTransfer-Encoding: gzip\r\nHost: a\r\n\r\n", "refused 501 /a"},
      {"GET /" + endless, "refused 431"},
      {endless, "refused 431"},
      {"\x16\x03", "refused 400"},
  };
  for (const auto& [sent, reply] : cases) {
    RawClient client(server->port());
    client.send(sent);
    const auto answer = client.read_reply();
    ASSERT_TRUE(answer) << sent.substr(0, 60);
    EXPECT_EQ(answer->body, reply) << sent.substr(0, 60);
  }
}

TEST(ServerLimits, HoldForTheBodyToTheByte) {
  RecordingServer server;
  const size_t limit = 1024 * 1024;
  for (const size_t excess : {0, 1}) {
    const std::string body = patterned(limit + excess);
    RawClient plain(server->port());
    plain.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body);
    auto reply = plain.read_reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, excess ? 413 : 200);
    EXPECT_EQ(reply->body == "POST / " + body, excess == 0);

    RawClient chunked(server->port());
    chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" +
                 body.substr(0, limit) + (excess ? "\r\n1\r\nx" : "") + "\r\n0\r\n\r\n");
    reply = chunked.read_reply();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, excess ? 413 : 200);
  }
}

TEST(ServerLimits, HoldForConnectionsWithAReplyToThoseTooMany) {
  RecordingServer server({.threads = 2, .limits = {.connections_max = 3}});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<RawClient>(server->port()));
    clients.back()->send(kGet);
    ASSERT_EQ(clients.back()->read_reply()->status, 200);
  }
  EXPECT_EQ(server->connection_count(), 3);
  for (int i = 0; i < 5; ++i) {
    RawClient one_more(server->port());
    one_more.send(kGet);
    const auto replies = one_more.read_replies();
    ASSERT_EQ(replies.size(), 1u);
    EXPECT_EQ(replies[0].status, 503);
    EXPECT_TRUE(replies[0].closes());
  }
  EXPECT_EQ(server.executed().size(), 3u);

  clients.pop_back();
  for (int status = 503; status != 200;) {  // until the server has seen the end
    RawClient next(server->port());
    next.send(kGet);
    status = next.read_reply()->status;
  }
}

// ---- Time-outs: short ones, and the test waits for what they cause ----------------------------

TEST(ServerTimeouts, RefuseAHeaderThatDripsIn) {
  RecordingServer server({.threads = 1, .limits = {.header_timeout = 1ms}});
  RawClient client(server->port());
  client.send("GET / HT");
  const auto replies = client.read_replies();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].status, 408);
  EXPECT_TRUE(replies[0].closes());
}

TEST(ServerTimeouts, CountTheWholeHeaderAndNotEachByte) {
  RecordingServer server({.threads = 1, .limits = {.header_timeout = 1ms}});
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nX: ");
  // Fills up slowly, as fast as the server closes: ends only if dripping does not extend the time.
  while (client.send("x")) {
    pollfd entry{.fd = client.fd(), .events = POLLIN};
    if (::poll(&entry, 1, 20) > 0) break;
  }
  EXPECT_EQ(client.read_reply()->status, 408);
}

TEST(ServerTimeouts, RefuseABodyThatDoesNotCome) {
  RecordingServer server({.threads = 1, .limits = {.body_timeout = 1ms}});
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc");
  const auto replies = client.read_replies();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].status, 408);
  EXPECT_TRUE(server.executed().empty());
}

TEST(ServerTimeouts, CloseAnIdleConnectionWithoutAWord) {
  RecordingServer server({.threads = 1, .limits = {.idle_timeout = 1ms}});
  RawClient silent(server->port()), once(server->port()), blank(server->port());
  once.send(kGet);
  blank.send("\r\n\r\n");
  EXPECT_TRUE(once.read_reply());
  EXPECT_TRUE(once.reads_end());
  EXPECT_TRUE(silent.reads_end());
  EXPECT_TRUE(blank.reads_end());
}

TEST(ServerTimeouts, ResetAConnectionThatDoesNotTakeItsReply) {
  wire::Response response;
  response.body = patterned(30'000'000);
  RecordingServer server({.threads = 1, .limits = {.write_timeout = 1ms}}, answer_with(response));
  RawClient client(server->port(), 8 * 1024);
  client.send(kGet);
  EXPECT_TRUE(client.waits_for_reset());
}

TEST(ServerTimeouts, DoNotTouchAHandlerAtWork) {
  Gate gate;
  RecordingServer server(
      {.threads = 1, .limits = {.idle_timeout = 1ms, .header_timeout = 1ms, .body_timeout = 1ms}},
      [&gate](wire::Request request) -> Awaitable<wire::Response> {
        if (request.target == "/slow") co_await gate.wait();
        co_return wire::Response{};
      });
  RawClient slow(server->port()), idle(server->port());
  slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.wait_for_arrival();
  EXPECT_TRUE(idle.reads_end());  // the time-outs have passed
  gate.open();
  EXPECT_EQ(slow.read_reply()->status, 200);
}

// ---- Start and stop ---------------------------------------------------------------------------

TEST(ServerStop, FinishesRepliesInProgressAndClosesIdleConnections) {
  Gate gate;
  RecordingServer server({.threads = 2},
                         [&gate](wire::Request request) -> Awaitable<wire::Response> {
                           if (request.target == "/slow") co_await gate.wait();
                           wire::Response response;
                           if (request.target == "/slow") response.body = patterned(5'000'000);
                           co_return response;
                         });
  RawClient idle(server->port()), fresh(server->port()), slow(server->port(), 8 * 1024);
  idle.send(kGet);
  ASSERT_TRUE(idle.read_reply());
  slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.wait_for_arrival();
  std::thread stopper([&server] { server->stop(60s); });
  EXPECT_TRUE(idle.reads_end());
  EXPECT_TRUE(fresh.reads_end());
  gate.open();
  const auto reply = slow.read_reply();
  stopper.join();
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->closes());
  EXPECT_TRUE(reply->body == patterned(5'000'000));
  EXPECT_EQ(server->connection_count(), 0);
  EXPECT_FALSE(RawClient(server->port()).is_connected());
}

TEST(ServerStop, EndsWhatIsLeftAfterTheGrace) {
  Gate gate;
  RecordingServer server({.threads = 1}, [&gate](wire::Request) -> Awaitable<wire::Response> {
    co_await gate.wait();
    co_return wire::Response{};
  });
  RawClient stuck(server->port()), half(server->port());
  half.send("GET / HT");
  stuck.send(kGet);
  gate.wait_for_arrival();
  server->stop(10ms);
  EXPECT_TRUE(stuck.reads_end());
  EXPECT_EQ(server->connection_count(), 0);
  server->stop(10ms);  // again, without effect
}

TEST(ServerStop, SurvivesStartingAndStoppingUnderLoad) {
  for (int round = 0; round < 20; ++round) {
    RecordingServer server({.threads = 2});
    const uint16_t port = server->port();
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i) {
      clients.emplace_back([port] {
        for (;;) {
          RawClient client(port);
          if (!client.is_connected() || !client.send(kGet + kGet)) return;
          if (client.read_replies_until(2) < 2) return;
        }
      });
    }
    {
      RawClient first(port);
      first.send(kGet);
      EXPECT_TRUE(first.read_reply());
    }
    std::thread second_stopper([&server] { server->stop(1s); });
    server->stop(round % 2 == 0 ? 0ms : 1s);
    second_stopper.join();
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(server->connection_count(), 0);
  }
}

TEST(Server, RefusesAnAddressThatIsTaken) {
  RecordingServer first;
  ServerOptions options{.port = first->port(), .threads = 1};
  const auto second = Server::create(options, RecordingServer::echo, testing::plain_refusal);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  first->stop(0ms);
  EXPECT_TRUE(Server::create(options, RecordingServer::echo, testing::plain_refusal));
}

TEST(Server, RefusesAHostThatIsNoAddress) {
  const auto server = Server::create({.host = "not an address", .threads = 1},
                                     RecordingServer::echo, testing::plain_refusal);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ErrorCode::kInvalidInput);
}

TEST(Server, ServesOnSeveralThreadsAtOnce) {
  RecordingServer server({.threads = 4});
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        RawClient client(server->port());
        client.send(kGet + kGet);
        answered += client.read_replies_until(2);
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 8 * 20 * 2);
}

}  // namespace
}  // namespace rushes::http

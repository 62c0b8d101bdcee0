// The end of the client: what is under way is answered once, as for a lost connection.
#include <gtest/gtest.h>

#include <semaphore>

#include "edge/http/outbound_loop.h"
#include "edge/http/outbound_test_kit.h"

namespace rushes::http {
namespace {

using testing::Peer;
using testing::ScriptedServer;
using testing::TemporaryFolder;
using namespace std::chrono_literals;

// A loop, and the replies in the order in which they came: read once it has stopped.
class StoppingLoop {
 public:
  explicit StoppingLoop(OutboundLoop::Limits limits = {
                            .connections_max = 10, .per_origin_max = 10, .sends_max = 10}) {
    settings_.options.clock = &clock_;
    auto made = OutboundLoop::create(settings_, limits);
    EXPECT_TRUE(made);
    loop_ = std::move(*made);
  }

  void submit(OutboundRequest request) {
    request.egress = Egress::kOperator;
    request.timeout = Millis{0};  // without the stop it would never end
    loop_->submit(std::move(request),
                  [this](OutboundReply reply) { replies.push_back(std::move(reply)); });
  }
  void stop() { loop_->stop(); }

  std::vector<OutboundReply> replies;

 private:
  SystemClock clock_;
  OutboundSettings settings_;
  std::unique_ptr<OutboundLoop> loop_;
};

struct StopCase {
  const char* what;
  OutboundRequest request;  // its url is the server's
  ScriptedServer::Script until_stuck;
  Fault fault;
};

std::vector<StopCase> cases() {
  const auto read = [](Peer& peer) { peer.read_request(); };
  const auto begin_reply = [](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort");
  };
  return {
      {"a create that is not answered", {.method = "POST", .body = "{}"}, read, Fault::kAmbiguous},
      {"a question that is not answered", {}, read, Fault::kAmbiguous},
      {"a reply that is not whole", {}, begin_reply, Fault::kAmbiguous},
      {"a request that is not written out",
       {.method = "POST", .body = std::string(32 << 20, 'x')},
       [](Peer& peer) { peer.receive(); },
       Fault::kNotSent},
      {"a TLS handshake that is not answered",
       {.method = "POST", .url = "https", .body = "{}"},
       [](Peer& peer) { peer.receive(); },
       Fault::kNotSent},
  };
}

TEST(OutboundStop, AnswersWhatIsUnderWayOnceAndSaysWhetherItLeft) {
  for (StopCase& c : cases()) {
    SCOPED_TRACE(c.what);
    std::binary_semaphore is_stuck{0}, is_over{0};
    ScriptedServer server(
        [&](Peer& peer) {
          c.until_stuck(peer);
          is_stuck.release();
          is_over.acquire();
        },
        4096);
    StoppingLoop loop;
    c.request.url = (c.request.url.empty() ? "http" : c.request.url) + server.url("/a").substr(4);
    loop.submit(c.request);
    is_stuck.acquire();
    loop.stop();
    loop.stop();
    is_over.release();
    ASSERT_EQ(loop.replies.size(), 1u);
    EXPECT_EQ(loop.replies[0].fault, c.fault) << loop.replies[0].error;
    EXPECT_TRUE(loop.replies[0].error.ends_with("the server stops")) << loop.replies[0].error;
  }
}

TEST(OutboundStop, WhatWaitsForAConnectionWasNotSent) {
  std::binary_semaphore is_stuck{0};
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    is_stuck.release();
    peer.wait_for_end();
  });
  StoppingLoop loop({.connections_max = 1, .per_origin_max = 1, .sends_max = 10});
  loop.submit({.method = "POST", .url = server.url(), .body = "{}"});
  is_stuck.acquire();
  loop.submit({.method = "POST", .url = server.url(), .body = "{}"});
  loop.stop();
  ASSERT_EQ(loop.replies.size(), 2u);
  EXPECT_NE(loop.replies[0].fault, loop.replies[1].fault);
  for (const OutboundReply& reply : loop.replies) {
    EXPECT_TRUE(reply.fault == Fault::kAmbiguous || reply.fault == Fault::kNotSent);
  }
  EXPECT_EQ(server.connection_count(), 1);
}

TEST(OutboundStop, LeavesNothingOfAFileThatIsNotWhole) {
  const TemporaryFolder folder;
  const std::string part(100'000, 'x');
  ScriptedServer server([&](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
    peer.send(part);
    peer.wait_for_end();
  });
  StoppingLoop loop;
  loop.submit({.url = server.url(), .body_bytes_max = 10'000'000, .file = folder / "video.mp4"});
  while (!std::filesystem::exists(folder / "video.mp4")) std::this_thread::yield();
  loop.stop();
  ASSERT_EQ(loop.replies.size(), 1u);
  EXPECT_EQ(loop.replies[0].fault, Fault::kAmbiguous);
  EXPECT_EQ(loop.replies[0].file_bytes, 0u);
  EXPECT_FALSE(std::filesystem::exists(folder / "video.mp4"));
}

TEST(OutboundStop, WhatComesLaterIsNotSentAndDoesNotWait) {
  ScriptedServer server([](Peer& peer) { peer.wait_for_end(); });
  StoppingLoop loop;
  loop.stop();
  for (size_t i = 0; i < 20; ++i) {
    loop.submit({.method = "POST", .url = server.url(), .body = "{}"});
    ASSERT_EQ(loop.replies.size(), i + 1);
    EXPECT_EQ(loop.replies[i].fault, Fault::kNotSent);
    EXPECT_EQ(loop.replies[i].error, "the server stops");
  }
  EXPECT_EQ(server.connection_count(), 0);
}

TEST(OutboundStop, MeetsThoseWhoSendAndEveryoneIsAnswered) {
  constexpr int kSenders = 4;
  ScriptedServer server([](Peer& peer) {
    while (peer.read_request()) peer.answer("ok");
  });
  const auto outbound = testing::make_loopback_outbound();
  std::atomic<int> whole = 0, not_sent = 0, ambiguous = 0;
  std::counting_semaphore begun{0};
  {
    std::vector<std::jthread> senders;
    for (int i = 0; i < kSenders; ++i) {
      senders.emplace_back([&] {
        for (bool is_first = true, told = false; !told; is_first = false) {
          const auto reply = testing::send_one(*outbound, {.url = server.url()});
          ++(reply.fault == Fault::kNone      ? whole
             : reply.fault == Fault::kNotSent ? not_sent
                                              : ambiguous);
          told = reply.fault == Fault::kNotSent;
          if (is_first) begun.release();
        }
      });
    }
    begun.acquire();
    outbound->stop();
    outbound->stop();
  }
  EXPECT_GE(whole, 1);
  EXPECT_EQ(not_sent, kSenders);
  EXPECT_LE(ambiguous, kSenders);
}

}  // namespace
}  // namespace rushes::http

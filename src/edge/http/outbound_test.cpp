#include "edge/http/outbound.h"

#include <gtest/gtest.h>

#include <future>

#include "edge/http/outbound_test_kit.h"

namespace rushes::http {
namespace {

using testing::make_loopback_outbound;
using testing::Peer;
using testing::RecordingServer;
using testing::ScriptedServer;
using testing::send_all;
using testing::send_one;
using namespace std::chrono_literals;

std::string url_of(RecordingServer& server, const std::string& target = "/") {
  return "http://127.0.0.1:" + std::to_string(server->port()) + target;
}

// Answers every request with its method.
void answer_all(Peer& peer) {
  while (const auto request = peer.read_request()) {
    peer.answer(request->substr(0, request->find(' ')));
  }
}

TEST(Outbound, SendsMethodFieldsAndBodyAndReadsTheWholeReply) {
  std::string seen;
  ScriptedServer server([&seen](Peer& peer) {
    while (const auto request = peer.read_request()) {
      seen = *request;
      peer.send("HTTP/1.1 201 Created\r\nX-Echo:  padded \r\nContent-Length: 2\r\n\r\nok");
    }
  });
  const auto outbound = make_loopback_outbound({.user_agent = "test"});
  for (const std::string method : {"GET", "POST", "PUT", "DELETE", "PATCH"}) {
    OutboundRequest request{.method = method, .url = server.url("/./a/../a?b=%20")};
    if (method != "GET") request.body = "text";
    request.headers.add("X-Note", "hello");
    request.headers.add("X-Empty", "");
    const OutboundReply reply = send_one(*outbound, request);
    ASSERT_EQ(reply.fault, Fault::kNone) << reply.error;
    EXPECT_EQ(reply.status, 201);
    EXPECT_EQ(reply.body, "ok");
    EXPECT_EQ(*reply.headers.find("x-echo"), "padded");
    EXPECT_TRUE(seen.starts_with(method + " /./a/../a?b=%20 HTTP/1.1\r\n")) << seen;
    EXPECT_TRUE(seen.ends_with("\r\n\r\n" + request.body)) << seen;
    for (const char* field : {"X-Note: hello", "X-Empty:", "User-Agent: test"}) {
      EXPECT_NE(seen.find(std::string(field) + "\r\n"), std::string::npos) << seen;
    }
    for (const char* field : {"Accept-Encoding", "Expect", "Content-Type", "Cookie"}) {
      EXPECT_EQ(seen.find(field), std::string::npos) << seen;
    }
  }
}

TEST(Outbound, KeepsConnectionsForTheNextRequest) {
  ScriptedServer server(answer_all);
  const auto outbound = make_loopback_outbound();
  for (const char* method : {"GET", "POST", "GET", "PUT", "POST"}) {
    EXPECT_EQ(send_one(*outbound, {.method = method, .url = server.url()}).body, method);
  }
  EXPECT_EQ(server.connection_count(), 1);
}

TEST(Outbound, AnswersThousandsAtOnceOverABoundedNumberOfConnections) {
  RecordingServer server;
  const auto outbound = make_loopback_outbound({.connections_per_origin_max = 50});
  std::vector<OutboundRequest> requests;
  for (int i = 0; i < 2'000; ++i) {
    requests.push_back({.method = i % 2 ? "POST" : "GET",
                        .url = url_of(server, "/" + std::to_string(i)),
                        .body = i % 2 ? "body" : ""});
  }
  const auto replies = send_all(*outbound, requests);
  for (int i = 0; i < 2'000; ++i) {
    const OutboundReply& reply = replies[static_cast<size_t>(i)];
    ASSERT_EQ(reply.fault, Fault::kNone) << reply.error;
    EXPECT_EQ(reply.body,
              (i % 2 ? "POST /" : "GET /") + std::to_string(i) + " " + (i % 2 ? "body" : ""));
  }
  EXPECT_EQ(server.executed().size(), 2'000u);
  EXPECT_LE(server->connection_count(), 50);
}

TEST(Outbound, GivesUpInTimeOnWhoeverWaitsForAConnection) {
  ScriptedServer server([](Peer& peer) { peer.wait_for_end(); });
  const auto outbound = make_loopback_outbound({.connections_per_origin_max = 1});
  // The first has time to connect even on a busy machine.
  const auto replies = send_all(
      *outbound, {{.url = server.url(), .timeout = 3s}, {.url = server.url(), .timeout = 100ms}});
  EXPECT_EQ(replies[0].fault, Fault::kAmbiguous);
  EXPECT_EQ(replies[1].fault, Fault::kNotSent);
  EXPECT_EQ(replies[1].error, "GET http://127.0.0.1:" + server.url().substr(17, 5) +
                                  ": no connection became free within 100 ms");
  EXPECT_GE(replies[1].duration, 100ms);
}

TEST(Outbound, RefusesMoreSendsThanItMayHold) {
  ScriptedServer server([](Peer& peer) { peer.wait_for_end(); });
  const auto outbound = make_loopback_outbound({.sends_max = 3});
  std::vector<OutboundRequest> requests(4, {.url = server.url(), .timeout = 100ms});
  const auto replies = send_all(*outbound, requests);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(replies[static_cast<size_t>(i)].fault, Fault::kAmbiguous);
  }
  EXPECT_EQ(replies[3].fault, Fault::kNotSent);
  EXPECT_EQ(replies[3].error, "too many requests wait: 3");
}

TEST(Outbound, RefusesWhatIsNoRequest) {
  ScriptedServer server(answer_all);
  const auto outbound = make_loopback_outbound();
  wire::Headers split, colon, unnamed;
  split.add("X", "a\r\nY: b");
  colon.add("X: y", "a");
  unnamed.add("", "a");
  for (const OutboundRequest& request : std::vector<OutboundRequest>{
           {.method = "", .url = server.url()},
           {.method = "GET /x", .url = server.url()},
           {.method = "get", .url = server.url()},
           {.url = server.url(), .headers = split},
           {.url = server.url(), .headers = colon},
           {.url = server.url(), .headers = unnamed},
           {.url = "file:///etc/passwd", .egress = Egress::kOperator},
           {.url = "http://u:secret@127.0.0.1/", .egress = Egress::kOperator},
       }) {
    const OutboundReply reply = send_one(*outbound, request);
    EXPECT_EQ(reply.fault, Fault::kRefused);
    EXPECT_EQ(reply.error.find("secret"), std::string::npos);
  }
  EXPECT_EQ(server.connection_count(), 0);
}

TEST(Outbound, RefusesOptionsThatAreWrong) {
  for (const OutboundOptions& options : std::vector<OutboundOptions>{
           {.ca_file = "/nonexistent"},
           {.proxy = "socks5://u:secret@127.0.0.1"},
           {.allowed_networks = {"10.0.0.1/8"}},
           {.own_addresses = {"localhost"}},
           {.own_urls = {"rushes.example"}},
           {.hosts = {{"a.example", "b.example"}}},
           {.connections_max = 0},
       }) {
    const auto outbound = make_outbound(options);
    ASSERT_FALSE(outbound);
    EXPECT_EQ(outbound.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(outbound.error().message.find("secret"), std::string::npos);
  }
}

TEST(OutboundBody, IsLimitedToTheByte) {
  ScriptedServer server([](Peer& peer) {
    while (const auto request = peer.read_request()) {
      if (request->contains("/chunked")) {
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 10; ++i) peer.send("3e8\r\n" + std::string(1000, 'x') + "\r\n");
        peer.send("0\r\n\r\n");
      } else {
        peer.answer(std::string(10'000, 'x'));
      }
    }
  });
  const auto outbound = make_loopback_outbound();
  for (const char* target : {"/", "/chunked"}) {
    OutboundRequest request{.url = server.url(target), .body_bytes_max = 10'000};
    EXPECT_EQ(send_one(*outbound, request).body.size(), 10'000u);
    request.body_bytes_max = 9'999;
    const OutboundReply large = send_one(*outbound, request);
    EXPECT_EQ(large.fault, Fault::kTooLarge);
    EXPECT_EQ(large.status, 200);
    request.cut_body = true;
    const OutboundReply cut = send_one(*outbound, request);
    EXPECT_EQ(cut.fault, Fault::kNone) << cut.error;
    EXPECT_EQ(cut.body, std::string(9'999, 'x'));
  }
}

TEST(OutboundBody, EndsWellWhereItIsCutAlthoughItNeverWould) {
  ScriptedServer server([](Peer& peer) {
    if (!peer.read_request()) return;
    peer.send("HTTP/1.1 410 Gone\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" +
              std::string(4096, 'x') + "\r\n1\r\ny\r\n");
    peer.wait_for_end();
  });
  const auto outbound = make_loopback_outbound();
  const OutboundReply reply = send_one(
      *outbound, {.method = "POST", .url = server.url(), .body_bytes_max = 4096, .cut_body = true});
  EXPECT_EQ(reply.fault, Fault::kNone) << reply.error;
  EXPECT_EQ(reply.status, 410);
  EXPECT_EQ(reply.body, std::string(4096, 'x'));
}

TEST(OutboundBody, OfAHeaderThatNeverEndsIsNotAwaited) {
  ScriptedServer server([](Peer& peer) {
    if (!peer.read_request()) return;
    peer.send("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 100; ++i) peer.send("X-Long: " + std::string(1000, 'x') + "\r\n");
    peer.wait_for_end();
  });
  const auto outbound = make_loopback_outbound();
  EXPECT_EQ(send_one(*outbound, {.url = server.url()}).fault, Fault::kTooLarge);
}

TEST(OutboundStop, EndsWhatIsUnderWayAndTellsWhatWasSent) {
  std::promise<void> is_read;
  ScriptedServer server([&is_read](Peer& peer) {
    if (peer.read_request()) is_read.set_value();
    peer.wait_for_end();
  });
  auto outbound = make_loopback_outbound({.connections_per_origin_max = 1});
  std::thread caller([&outbound, &server] {
    const std::vector<OutboundRequest> requests(3, {.method = "POST", .url = server.url()});
    const auto replies = send_all(*outbound, requests);
    EXPECT_EQ(replies[0].fault, Fault::kAmbiguous);
    EXPECT_EQ(replies[1].fault, Fault::kNotSent);
    EXPECT_EQ(replies[2].fault, Fault::kNotSent);
    EXPECT_TRUE(replies[2].error.ends_with("the server stops")) << replies[2].error;
  });
  is_read.get_future().wait();
  outbound.reset();
  caller.join();
}

TEST(OutboundProxy, IsUsedForTheOperatorsHostsOnly) {
  std::vector<std::string> seen;
  ScriptedServer proxy([&seen](Peer& peer) {
    while (const auto request = peer.read_request()) {
      seen.push_back(request->substr(0, request->find('\r')));
      peer.answer("by proxy");
    }
  });
  ScriptedServer server(answer_all);
  const auto outbound = make_loopback_outbound({.proxy = proxy.url()});
  OutboundRequest request{.url = server.url("/x"), .egress = Egress::kOperator};
  EXPECT_EQ(send_one(*outbound, request).body, "by proxy");
  EXPECT_EQ(seen, std::vector{"GET " + server.url("/x") + " HTTP/1.1"});
  request.egress = Egress::kGuarded;
  EXPECT_EQ(send_one(*outbound, request).body, "GET");
  EXPECT_EQ(seen.size(), 1u);
}

}  // namespace
}  // namespace rushes::http

// Where the client goes and where it does not: the guard at work, redirects, and the file sink.
#include <gtest/gtest.h>

#include "edge/http/egress_cases.h"
#include "edge/http/outbound.h"
#include "edge/http/outbound_test_kit.h"

namespace rushes::http {
namespace {

using testing::make_loopback_outbound;
using testing::Peer;
using testing::ScriptedServer;
using testing::send_all;
using testing::send_one;
using testing::TemporaryFolder;
using namespace std::chrono_literals;

std::unique_ptr<Outbound> make_strict_outbound(OutboundOptions options = {}) {
  auto outbound = make_outbound(std::move(options));
  EXPECT_TRUE(outbound);
  return std::move(*outbound);
}

// Answers with the Authorization it was sent, if any.
void tell_authorization(Peer& peer) {
  while (const auto request = peer.read_request()) {
    const size_t at = request->find("Authorization: ");
    peer.answer(at == std::string::npos ? "none" : request->substr(at + 15, 5));
  }
}

ScriptedServer::Script redirect_to(std::string location, std::string status = "302 Found") {
  return [location = std::move(location), status = std::move(status)](Peer& peer) {
    while (peer.read_request()) {
      peer.send("HTTP/1.1 " + status + "\r\nLocation: " + location +
                "\r\nContent-Length: 5\r\n\r\nmoved");
    }
  };
}

TEST(OutboundGuard, RefusesEveryHostileUrl) {
  const auto outbound = make_strict_outbound();
  std::vector<OutboundRequest> requests;
  for (const std::string& url : testing::hostile_urls()) {
    requests.push_back({.method = "POST", .url = url, .body = "{}"});
  }
  const auto replies = send_all(*outbound, requests);
  for (size_t i = 0; i < replies.size(); ++i) {
    EXPECT_EQ(replies[i].fault, Fault::kRefused) << requests[i].url << ": " << replies[i].error;
  }
}

TEST(OutboundGuard, RefusesLoopbackUnlessTheOperatorNamesOrAllowsIt) {
  ScriptedServer server(tell_authorization);
  OutboundRequest request{.url = server.url()};
  EXPECT_EQ(send_one(*make_strict_outbound(), request).fault, Fault::kRefused);
  EXPECT_EQ(server.connection_count(), 0);
  EXPECT_EQ(send_one(*make_loopback_outbound(), request).fault, Fault::kNone);
  request.egress = Egress::kOperator;
  EXPECT_EQ(send_one(*make_strict_outbound(), request).fault, Fault::kNone);
}

TEST(OutboundGuard, JudgesTheAddressThatANameTurnsOutToHave) {
  ScriptedServer server(tell_authorization);
  const std::string port = std::to_string(server.port());
  for (const char* address : {"127.0.0.1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254",
                              "0.0.0.0", "::1", "fd00::1", "::ffff:10.0.0.1"}) {
    const auto outbound = make_strict_outbound({.hosts = {{"rebind.example", address}}});
    const OutboundReply reply = send_one(*outbound, {.url = "http://rebind.example:" + port + "/"});
    EXPECT_EQ(reply.fault, Fault::kRefused) << address << ": " << reply.error;
    EXPECT_NE(reply.error.find("the host resolves to"), std::string::npos) << reply.error;
  }
  EXPECT_EQ(server.connection_count(), 0);
  const auto outbound = make_loopback_outbound({.hosts = {{"rebind.example", "127.0.0.1"}}});
  EXPECT_EQ(send_one(*outbound, {.url = "http://rebind.example:" + port + "/"}).body, "none");
}

TEST(OutboundGuard, DoesNotBorrowAConnectionThatTheOperatorsHostHas) {
  ScriptedServer server(tell_authorization);
  const auto outbound = make_strict_outbound({.hosts = {{"host.example", "127.0.0.1"}}});
  OutboundRequest request{.url = "http://host.example:" + std::to_string(server.port()) + "/",
                          .egress = Egress::kOperator};
  EXPECT_EQ(send_one(*outbound, request).fault, Fault::kNone);
  request.egress = Egress::kGuarded;
  const OutboundReply reply = send_one(*outbound, request);
  EXPECT_EQ(reply.fault, Fault::kRefused) << reply.error;
  EXPECT_EQ(reply.error, "GET http://host.example:" + std::to_string(server.port()) +
                             ": the host resolves to 127.0.0.1, a loopback address");
  EXPECT_EQ(server.connection_count(), 1);
}

TEST(OutboundGuard, RefusesTheServersOwnUrlsAndAddresses) {
  ScriptedServer server(tell_authorization);
  const auto by_url = make_loopback_outbound({.own_urls = {server.url("/base")}});
  EXPECT_EQ(send_one(*by_url, {.url = server.url()}).fault, Fault::kRefused);
  const auto by_address =
      make_strict_outbound({.own_addresses = {"8.8.8.8"}, .hosts = {{"self.example", "8.8.8.8"}}});
  for (const char* url : {"http://8.8.8.8/", "http://self.example/"}) {
    EXPECT_EQ(send_one(*by_address, {.url = url}).fault, Fault::kRefused);
  }
}

TEST(OutboundRedirect, IsFollowedOnlyWhereAskedAndAsFarAsAsked) {
  ScriptedServer last(tell_authorization);
  ScriptedServer second(redirect_to(last.url("/end"), "307 Temporary Redirect"));
  ScriptedServer first(redirect_to(second.url()));
  const auto outbound = make_loopback_outbound();
  OutboundRequest request{.url = first.url()};
  EXPECT_EQ(send_one(*outbound, request).status, 302);
  request.redirects_max = 1;
  const OutboundReply refused = send_one(*outbound, request);
  EXPECT_EQ(refused.fault, Fault::kRefused);
  EXPECT_NE(refused.error.find("more than 1 redirects"), std::string::npos) << refused.error;
  request.redirects_max = 2;
  const OutboundReply reply = send_one(*outbound, request);
  EXPECT_EQ(reply.fault, Fault::kNone) << reply.error;
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "none");
  request.method = "POST";
  EXPECT_EQ(send_one(*outbound, request).status, 302);
}

TEST(OutboundRedirect, IsRefusedWhereTheGuardRefusesItsTarget) {
  ScriptedServer inner(tell_authorization);
  const auto outbound =
      make_outbound({.allowed_networks = {"127.0.0.1"}, .hosts = {{"inner.example", "127.0.0.2"}}});
  ASSERT_TRUE(outbound);
  const std::string port = std::to_string(inner.port());
  for (const std::string& target : {
           "http://127.0.0.2:" + port + "/",
           "http://inner.example:" + port + "/",
           "//127.0.0.2:" + port + "/",
           "http://[::1]:" + port + "/",
           std::string("http://10.0.0.1/"),
           std::string("http://0x7f.2/"),
           std::string("http://user:pw@127.0.0.1/"),
           std::string("file:///etc/passwd"),
           std::string("gopher://127.0.0.1/"),
       }) {
    ScriptedServer outer(redirect_to(target));
    const OutboundReply reply = send_one(**outbound, {.url = outer.url(), .redirects_max = 5});
    // What libcurl does not take for a redirect stays the reply that it is.
    EXPECT_TRUE(reply.fault == Fault::kRefused || reply.status == 302) << target;
    EXPECT_EQ(outer.connection_count(), 1) << target;
  }
  EXPECT_EQ(inner.connection_count(), 0);
}

TEST(OutboundRedirect, OfAnOperatorsHostIsGuardedAllTheSame) {
  ScriptedServer inner(tell_authorization);
  ScriptedServer outer(redirect_to(inner.url()));
  const auto outbound = make_strict_outbound();
  const OutboundReply reply =
      send_one(*outbound, {.url = outer.url(), .egress = Egress::kOperator, .redirects_max = 5});
  EXPECT_EQ(reply.fault, Fault::kRefused) << reply.error;
  EXPECT_EQ(inner.connection_count(), 0);
}

TEST(OutboundRedirect, CarriesCredentialsToTheSameOriginOnly) {
  ScriptedServer other(tell_authorization);
  ScriptedServer away(redirect_to(other.url()));
  ScriptedServer home([](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 302 Found\r\nLocation: next?x=1\r\nContent-Length: 0\r\n\r\n");
    tell_authorization(peer);
  });
  const auto outbound = make_loopback_outbound();
  OutboundRequest request{.url = away.url(), .redirects_max = 1};
  request.headers.add("authorization", "never");
  request.headers.set("Authorization", "token");
  EXPECT_EQ(send_one(*outbound, request).body, "none");
  request.url = home.url("/a/b");
  EXPECT_EQ(send_one(*outbound, request).body, "token");
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(OutboundFile, HoldsTheWholeBodyOfASuccess) {
  ScriptedServer server([](Peer& peer) {
    while (const auto request = peer.read_request()) {
      peer.answer(request->contains("/empty") ? "" : std::string(1'000'000, 'v'));
    }
  });
  const TemporaryFolder folder;
  const auto outbound = make_loopback_outbound();
  OutboundRequest request{.url = server.url(), .body_bytes_max = 1'000'000};
  request.file = folder.write("video", "older and of no use");
  OutboundReply reply = send_one(*outbound, request);
  EXPECT_EQ(reply.fault, Fault::kNone) << reply.error;
  EXPECT_EQ(reply.file_bytes, 1'000'000u);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(read_file(request.file), std::string(1'000'000, 'v'));

  request.url = server.url("/empty");
  reply = send_one(*outbound, request);
  EXPECT_EQ(reply.fault, Fault::kNone) << reply.error;
  EXPECT_EQ(read_file(request.file), "");
}

TEST(OutboundFile, IsNotLeftAfterAFault) {
  ScriptedServer server([](Peer& peer) {
    const auto request = peer.read_request();
    if (!request) return;
    if (request->contains("/missing")) {
      peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 8\r\n\r\nnot here");
      return;
    }
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" +
              std::string(4096, 'v') + "\r\n");
    if (request->contains("/stalls")) peer.wait_for_end();
  });
  const TemporaryFolder folder;
  const auto outbound = make_loopback_outbound();
  OutboundRequest request{.url = server.url("/missing"), .file = folder / "video"};

  const OutboundReply missing = send_one(*outbound, request);
  EXPECT_EQ(missing.fault, Fault::kNone);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.body, "not here");
  EXPECT_FALSE(std::filesystem::exists(request.file));

  const struct {
    const char* target;
    uint64_t body_bytes_max;
    Fault fault;
  } cases[] = {{"/breaks", 10'000, Fault::kAmbiguous},
               {"/stalls", 10'000, Fault::kAmbiguous},
               {"/large", 4'095, Fault::kTooLarge}};
  for (const auto& c : cases) {
    request.url = server.url(c.target);
    request.body_bytes_max = c.body_bytes_max;
    request.stall_timeout = 150ms;
    const OutboundReply reply = send_one(*outbound, request);
    EXPECT_EQ(reply.fault, c.fault) << c.target << ": " << reply.error;
    EXPECT_EQ(reply.file_bytes, 0u);
    EXPECT_FALSE(std::filesystem::exists(request.file)) << c.target;
  }

  request.body_bytes_max = 10'000;
  request.file = folder / "absent/video";
  const OutboundReply reply = send_one(*outbound, request);
  EXPECT_EQ(reply.fault, Fault::kLocal);
  EXPECT_NE(reply.error.find("cannot create the file"), std::string::npos) << reply.error;
}

TEST(OutboundFile, MayTakeLongAsLongAsSomethingMoves) {
  ScriptedServer server([](Peer& peer) {
    if (!peer.read_request()) return;
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n");
    // Waiting for the peer's silence is how a test lets time pass.
    const timeval pause{.tv_usec = 20'000};
    ::setsockopt(peer.fd(), SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
    for (int i = 0; i < 40; ++i) {
      peer.receive();
      peer.send("v");
    }
  });
  const TemporaryFolder folder;
  const auto outbound = make_loopback_outbound();
  const OutboundReply reply = send_one(*outbound, {.url = server.url(),
                                                   .timeout = Millis(0),
                                                   .stall_timeout = 400ms,
                                                   .file = folder / "video"});
  EXPECT_EQ(reply.fault, Fault::kNone) << reply.error;
  EXPECT_EQ(reply.file_bytes, 40u);
  EXPECT_GT(reply.duration, 400ms);
}

}  // namespace
}  // namespace rushes::http

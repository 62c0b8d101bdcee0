// What a fault says about the request: whether the other side can have processed it.
#include <gtest/gtest.h>

#include "edge/http/outbound.h"
#include "edge/http/outbound_test_kit.h"

namespace rushes::http {
namespace {

using testing::make_loopback_outbound;
using testing::Peer;
using testing::RecordingServer;
using testing::ScriptedServer;
using testing::send_one;
using testing::TemporaryFolder;
using namespace std::chrono_literals;

constexpr std::string_view kLate = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

struct FaultCase {
  const char* what;
  ScriptedServer::Script script;
  Fault fault;
  int status = 0;
};

OutboundRequest post(const std::string& url, std::string body = "{}") {
  return {.method = "POST", .url = url, .body = std::move(body), .timeout = 20s};
}

// What a server may do once it has read the request.
std::vector<FaultCase> cases_after_the_request() {
  return {
      {"closes", [](Peer& peer) { peer.read_request(); }, Fault::kAmbiguous},
      {"resets",
       [](Peer& peer) {
         peer.read_request();
         peer.reset();
       },
       Fault::kAmbiguous},
      {"never answers", [](Peer& peer) { peer.wait_for_end(); }, Fault::kAmbiguous},
      {"answers with another protocol",
       [](Peer& peer) {
         peer.read_request();
         peer.send("SSH-2.0-OpenSSH_9.2\r\n");
       },
       Fault::kAmbiguous},
      {"closes in the header",
       [](Peer& peer) {
         peer.read_request();
         peer.send("HTTP/1.1 200 OK\r\nContent-Le");
       },
       Fault::kAmbiguous, 200},
      {"announces a reply and closes",
       [](Peer& peer) {
         peer.read_request();
         peer.send("HTTP/1.1 100 Continue\r\n\r\n");
       },
       Fault::kAmbiguous},
      {"closes in the body",
       [](Peer& peer) {
         peer.read_request();
         peer.send(kLate);
         peer.send("short");
       },
       Fault::kAmbiguous, 200},
      {"stops in the body",
       [](Peer& peer) {
         peer.read_request();
         peer.send(kLate);
         peer.wait_for_end();
       },
       Fault::kAmbiguous, 200},
      {"sends a chunk that is none",
       [](Peer& peer) {
         peer.read_request();
         peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
         peer.wait_for_end();
       },
       Fault::kAmbiguous, 200},
      {"sends a length that is none",
       [](Peer& peer) {
         peer.read_request();
         peer.send("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n");
         peer.wait_for_end();
       },
       Fault::kAmbiguous},
      {"answers",
       [](Peer& peer) {
         peer.read_request();
         peer.answer("ok");
       },
       Fault::kNone, 200},
      {"answers with an error",
       [](Peer& peer) {
         peer.read_request();
         peer.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
       },
       Fault::kNone, 503},
  };
}

TEST(OutboundFault, IsAmbiguousOnceTheRequestIsWritten) {
  const auto outbound = make_loopback_outbound();
  for (const FaultCase& c : cases_after_the_request()) {
    for (const char* body : {"{}", ""}) {
      // One each: a server that ends after its answer could end while the next request is written.
      ScriptedServer server(c.script);
      OutboundRequest request = post(server.url("/secret?key=secret"), body);
      request.timeout = 150ms;
      const OutboundReply reply = send_one(*outbound, request);
      EXPECT_EQ(reply.fault, c.fault) << c.what << ": " << reply.error;
      EXPECT_TRUE(c.status == 0 || reply.status == c.status) << c.what;
      EXPECT_EQ(reply.error.empty(), c.fault == Fault::kNone);
      EXPECT_EQ(reply.error.find("secret"), std::string::npos) << reply.error;
    }
  }
}

TEST(OutboundFault, IsNotSentWhereTheRequestWasNotWrittenOut) {
  const auto outbound = make_loopback_outbound();
  const std::string large(32 * 1024 * 1024, 'x');
  const auto read_a_little = [](Peer& peer) { peer.receive(); };
  {
    ScriptedServer closing(read_a_little, 4096);
    const OutboundReply reply = send_one(*outbound, post(closing.url(), large));
    EXPECT_EQ(reply.fault, Fault::kNotSent) << reply.error;
  }
  {
    ScriptedServer resetting(
        [&](Peer& peer) {
          read_a_little(peer);
          peer.reset();
        },
        4096);
    const OutboundReply reply = send_one(*outbound, post(resetting.url(), large));
    EXPECT_EQ(reply.fault, Fault::kNotSent) << reply.error;
  }
  {
    std::atomic<bool> may_end{false};
    ScriptedServer stuck(
        [&](Peer& peer) {
          read_a_little(peer);
          may_end.wait(false);
        },
        4096);
    OutboundRequest request = post(stuck.url(), large);
    request.stall_timeout = 200ms;
    const OutboundReply reply = send_one(*outbound, request);
    EXPECT_EQ(reply.fault, Fault::kNotSent) << reply.error;
    EXPECT_TRUE(reply.error.ends_with("nothing moved for 200 ms")) << reply.error;
    may_end = true;
    may_end.notify_all();
  }
}

TEST(OutboundFault, IsNotSentWhereNobodyListens) {
  const auto outbound = make_loopback_outbound();
  std::string url;
  {
    ScriptedServer gone([](Peer&) {});
    url = gone.url();
  }
  const OutboundReply reply = send_one(*outbound, post(url));
  EXPECT_EQ(reply.fault, Fault::kNotSent) << reply.error;
}

// A listener whose queue is full leaves the next to connect without an answer.
TEST(OutboundFault, IsNotSentWhereTheConnectTakesTooLong) {
  const UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
  std::vector<UniqueFd> queue;
  for (int i = 0; i < 4; ++i) {
    queue.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    static_cast<void>(!::connect(queue.back().get(), reinterpret_cast<sockaddr*>(&address), size));
  }
  const auto outbound = make_loopback_outbound();
  OutboundRequest request = post("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
  request.connect_timeout = 100ms;
  const OutboundReply reply = send_one(*outbound, request);
  EXPECT_EQ(reply.fault, Fault::kNotSent) << reply.error;
  EXPECT_LT(reply.duration, 15s) << "not after the time-out of the whole";
}

TEST(OutboundFault, IsNotSentWhereTlsIsNotEstablished) {
  const TemporaryFolder folder;
  const TlsFiles files{folder / "certificate.pem", folder / "key.pem"};
  testing::make_certificate(files);
  RecordingServer server({.threads = 1, .tls = files});
  const std::string url = "https://127.0.0.1:" + std::to_string(server->port());
  {
    const auto outbound = make_loopback_outbound({.ca_file = files.certificate_file});
    EXPECT_EQ(send_one(*outbound, post(url)).fault, Fault::kNone);
    EXPECT_EQ(send_one(*outbound, post(url)).body, "POST / {}");
    EXPECT_EQ(server->connection_count(), 1);
    // The certificates are kept: new connections do not read the file again.
    std::filesystem::rename(files.certificate_file, folder / "away");
    for (int i = 0; i < 3; ++i) {
      OutboundRequest last = post(url);
      last.headers.add("Connection", "close");
      const OutboundReply reply = send_one(*outbound, last);
      EXPECT_EQ(reply.fault, Fault::kNone) << reply.error;
    }
  }
  const auto outbound = make_loopback_outbound();
  const OutboundReply untrusted = send_one(*outbound, post(url));
  EXPECT_EQ(untrusted.fault, Fault::kNotSent);
  EXPECT_NE(untrusted.error.find("certificate"), std::string::npos) << untrusted.error;
  EXPECT_EQ(server.executed().size(), 5u);

  ScriptedServer plain([](Peer& peer) {
    peer.receive();
    peer.answer("what?");
  });
  ScriptedServer silent([](Peer& peer) { peer.wait_for_end(); });
  for (ScriptedServer* each : {&plain, &silent}) {
    OutboundRequest request = post("https" + each->url().substr(4));
    request.connect_timeout = 150ms;
    const OutboundReply reply = send_one(*outbound, request);
    EXPECT_EQ(reply.fault, Fault::kNotSent) << reply.error;
  }
}

// A server that answers the first request on a connection, reads the second to its end and goes.
class TwiceServer {
 public:
  enum class Ending { kClose, kReset, kResetAndGone };
  explicit TwiceServer(Ending ending)
      : server_([this, ending](Peer& peer) {
          const bool is_first = first_.exchange(false);
          for (int count = 0; peer.read_request(); ++count) {
            ++requests_;
            if (!is_first || count == 0) {
              peer.answer("ok");
              continue;
            }
            if (ending == Ending::kResetAndGone) server_.stop_listening();
            if (ending != Ending::kClose) peer.reset();
            return;
          }
        }) {}
  std::string url() const { return server_.url(); }
  int requests() const { return requests_; }

 private:
  std::atomic<int> requests_{0};
  std::atomic<bool> first_{true};
  ScriptedServer server_;
};

TEST(OutboundFault, NeverSendsTwiceWhatMayHaveBeenProcessed) {
  for (const auto ending : {TwiceServer::Ending::kClose, TwiceServer::Ending::kReset,
                            TwiceServer::Ending::kResetAndGone}) {
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
      for (const std::string& body :
           {std::string(), std::string("{}"), std::string(300'000, 'x')}) {
        TwiceServer server(ending);
        const auto outbound = make_loopback_outbound();
        const OutboundRequest request{.method = method, .url = server.url(), .body = body};
        EXPECT_EQ(send_one(*outbound, request).fault, Fault::kNone);
        const OutboundReply lost = send_one(*outbound, request);
        EXPECT_EQ(lost.fault, Fault::kAmbiguous) << method << " " << lost.error;
        EXPECT_EQ(lost.error.find("pre-request"), std::string::npos) << lost.error;
        EXPECT_EQ(server.requests(), 2) << method << " of " << body.size() << " bytes";
      }
    }
  }
}

TEST(OutboundFault, SendsAgainWhatDoesNoHarm) {
  TwiceServer server(TwiceServer::Ending::kClose);
  const auto outbound = make_loopback_outbound();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(send_one(*outbound, {.url = server.url()}).fault, Fault::kNone);
  }
  EXPECT_EQ(server.requests(), 3);
}

}  // namespace
}  // namespace rushes::http

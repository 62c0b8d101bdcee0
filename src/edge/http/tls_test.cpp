#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <csignal>
#include <thread>

#include "edge/http/client.h"
#include "edge/http/test_kit.h"
#include "edge/http/tls_context.h"

namespace rushes::http {
namespace {

using testing::RawClient;
using testing::RecordingServer;
using testing::TemporaryFolder;
using namespace std::chrono_literals;

// A folder with a fresh certificate.
struct Certified {
  Certified() { testing::make_certificate(files); }
  TemporaryFolder folder;
  TlsFiles files{folder / "certificate.pem", folder / "key.pem"};
};

ServerOptions options_with(const Certified& certified, ServerLimits limits = {}) {
  return {.threads = 1, .limits = limits, .tls = certified.files};
}

Result<wire::Response> get(RecordingServer& server, const std::string& target,
                           const std::string& ca_file) {
  auto client = Client::create({.ca_file = ca_file});
  EXPECT_TRUE(client);
  return (*client)->request(
      {.url = "https://127.0.0.1:" + std::to_string(server->port()) + target});
}

// A TLS client over a raw socket, for what libcurl would not do.
class TlsClient {
 public:
  explicit TlsClient(uint16_t port) : raw_(port), context_(SSL_CTX_new(TLS_client_method())) {
    sigset_t broken_pipe;  // of a server that turns the client away
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), raw_.fd());
  }
  void offer(std::string_view protocols) {
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned>(protocols.size()));
  }
  bool connect() { return SSL_connect(ssl_.get()) == 1; }
  bool send(std::string_view bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  // Everything until the server ends the session.
  std::string read_all() {
    std::string all;
    char part[4096];
    for (int count; (count = SSL_read(ssl_.get(), part, sizeof part)) > 0;) {
      all.append(part, static_cast<size_t>(count));
    }
    return all;
  }
  bool read_some() {
    char part[4096];
    return SSL_read(ssl_.get(), part, sizeof part) > 0;
  }
  SSL* ssl() { return ssl_.get(); }
  SSL_CTX* context() { return context_.get(); }

 private:
  RawClient raw_;
  std::unique_ptr<SSL_CTX, FreeSsl> context_;
  UniqueSsl ssl_;
};

const std::string kLast = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

TEST(Tls, ServesAClientThatKnowsTheCertificateAndNoOther) {
  const Certified certified, stranger;
  RecordingServer server(options_with(certified),
                         [](wire::Request request) -> Awaitable<wire::Response> {
                           wire::Response response;
                           response.body = request.secure ? "secure" : "plain";
                           co_return response;
                         });
  const auto response = get(server, "/", certified.files.certificate_file);
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "secure");
  const auto refused = get(server, "/", stranger.files.certificate_file);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
}

TEST(Tls, SendsLargeBodiesAndFilesWhole) {
  const Certified certified;
  const std::string bytes(5'000'001, 'v');
  const std::string path = certified.folder.write("video", bytes);
  RecordingServer server(options_with(certified),
                         [&](wire::Request request) -> Awaitable<wire::Response> {
                           wire::Response response;
                           if (request.target == "/file") {
                             response.file = wire::FileBody{path, 1, bytes.size() - 1};
                           } else {
                             response.body = bytes;
                           }
                           co_return response;
                         });
  const auto file = get(server, "/file", certified.files.certificate_file);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_TRUE(file->body == bytes.substr(1));
  const auto body = get(server, "/body", certified.files.certificate_file);
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_TRUE(body->body == bytes);
}

TEST(Tls, AClientMayKnowTheServerByItsKeyAlone) {
  const Certified certified, stranger;
  RecordingServer server(options_with(certified)), other(options_with(stranger));
  ClientRequest request;
  request.url = "https://127.0.0.1:" + std::to_string(server->port()) + "/";
  auto client = Client::create({.public_key_pin = server->public_key_pin()});
  ASSERT_TRUE(client);
  EXPECT_TRUE((*client)->request(request)) << "no certificate file is trusted here";
  auto mistaken = Client::create({.public_key_pin = other->public_key_pin()});
  ASSERT_TRUE(mistaken);
  EXPECT_FALSE((*mistaken)->request(request));
  RecordingServer plain;
  EXPECT_EQ(plain->public_key_pin(), "");
}

TEST(Tls, ReloadsTheCertificateForNewConnectionsAndKeepsItOnFailure) {
  const Certified certified, next;
  RecordingServer server(options_with(certified));
  TlsClient open(server->port());
  ASSERT_TRUE(open.connect());

  const std::filesystem::path old_copy = certified.folder / "old.pem";
  std::filesystem::copy_file(certified.files.certificate_file, old_copy);
  const auto overwrite = std::filesystem::copy_options::overwrite_existing;
  std::filesystem::copy_file(next.files.certificate_file, certified.files.certificate_file,
                             overwrite);
  const auto mismatched = server->reload_tls();  // the key is still the old one
  ASSERT_FALSE(mismatched);
  EXPECT_EQ(mismatched.error().code, ErrorCode::kInvalidInput);
  EXPECT_TRUE(get(server, "/", old_copy));

  std::filesystem::copy_file(next.files.key_file, certified.files.key_file, overwrite);
  ASSERT_TRUE(server->reload_tls());
  EXPECT_TRUE(get(server, "/", next.files.certificate_file));
  EXPECT_FALSE(get(server, "/", old_copy));
  EXPECT_TRUE(open.send(kLast));
  EXPECT_TRUE(open.read_all().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(Tls, CannotBeReloadedOnAPlainServer) {
  RecordingServer server;
  const auto reloaded = server->reload_tls();
  ASSERT_FALSE(reloaded);
  EXPECT_EQ(reloaded.error().code, ErrorCode::kUnsupported);
}

TEST(Tls, RefusesToStartWithFilesThatDoNotLoad) {
  const Certified certified;
  const std::string garbage = certified.folder.write("garbage", "not PEM");
  const TlsFiles& good = certified.files;
  for (const TlsFiles& files :
       {TlsFiles{"/nonexistent", good.key_file}, TlsFiles{good.certificate_file, "/nonexistent"},
        TlsFiles{garbage, good.key_file}, TlsFiles{good.certificate_file, garbage}}) {
    const auto server =
        Server::create({.threads = 1, .tls = files}, RecordingServer::echo, testing::plain_refusal);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, ErrorCode::kInvalidInput) << server.error().message;
  }
}

TEST(Tls, SpeaksHttp11AndNothingElseWhenAsked) {
  const Certified certified;
  RecordingServer server(options_with(certified));
  TlsClient both(server->port());
  both.offer("\x02h2\x08http/1.1");
  ASSERT_TRUE(both.connect());
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(both.ssl(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  TlsClient h2_only(server->port());
  h2_only.offer("\x02h2");
  EXPECT_FALSE(h2_only.connect());
}

TEST(Tls, RefusesVersionsBefore12) {
  const Certified certified;
  RecordingServer server(options_with(certified));
  for (const int version : {TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server->port());
    SSL_set_security_level(client.ssl(), 0);
    SSL_set_min_proto_version(client.ssl(), version);
    SSL_set_max_proto_version(client.ssl(), version);
    EXPECT_EQ(client.connect(), version != TLS1_1_VERSION) << version;
  }
}

TEST(Tls, RefusesRenegotiation) {
  const Certified certified;
  RecordingServer server(options_with(certified));
  TlsClient client(server->port());
  SSL_set_max_proto_version(client.ssl(), TLS1_2_VERSION);
  ASSERT_TRUE(client.connect());
  ASSERT_EQ(SSL_renegotiate(client.ssl()), 1);
  EXPECT_NE(SSL_do_handshake(client.ssl()), 1);
}

TEST(Tls, TellsAPlainClientInItsOwnLanguage) {
  const Certified certified;
  RecordingServer server(options_with(certified));
  RawClient client(server->port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto replies = client.read_replies();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].status, 400);
  EXPECT_TRUE(server.executed().empty());
}

TEST(Tls, AnswersPipelinedRequestsThatShareARecord) {
  const Certified certified;
  RecordingServer server(options_with(certified));
  TlsClient client(server->port());
  ASSERT_TRUE(client.connect());
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  ASSERT_TRUE(client.send(requests + kLast));
  EXPECT_TRUE(client.read_all().contains("Connection: close"));
  EXPECT_EQ(server.executed().size(), 51u);
}

TEST(Tls, GivesAHandshakeTheTimeOfAHeader) {
  const Certified certified;
  RecordingServer server(options_with(certified, {.header_timeout = 1ms}));
  RawClient silent(server->port()), garbled(server->port());
  garbled.send("\x16\x03\x01");
  EXPECT_TRUE(silent.reads_end());
  EXPECT_TRUE(garbled.reads_end());
}

TEST(Tls, RefusesConnectionsOverTheLimitInsideTls) {
  const Certified certified;
  RecordingServer server(options_with(certified, {.connections_max = 1}));
  TlsClient first(server->port());
  ASSERT_TRUE(first.connect());
  TlsClient second(server->port());
  ASSERT_TRUE(second.connect());
  EXPECT_TRUE(second.read_all().starts_with("HTTP/1.1 503 "));
}

TEST(Tls, StopsWithIdleSessionsAndUnfinishedHandshakesOpen) {
  const Certified certified;
  RecordingServer server(options_with(certified));
  TlsClient client(server->port());
  ASSERT_TRUE(client.connect());
  RawClient unfinished(server->port());
  std::thread stopper([&server] { server->stop(60s); });
  EXPECT_EQ(client.read_all(), "");
  EXPECT_TRUE(unfinished.reads_end());
  stopper.join();
}

}  // namespace
}  // namespace rushes::http

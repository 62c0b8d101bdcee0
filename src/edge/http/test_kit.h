// For the tests of edge/http: a client that speaks raw bytes, a server whose handler records what
// it executes, temporary folders, and certificates made on the spot.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "edge/http/server.h"
#include "edge/http/unique_fd.h"

namespace rushes::http::testing {

using namespace std::chrono_literals;

struct Reply {
  int status = 0;
  wire::Headers headers;
  std::string body;
  bool closes() const {
    const std::string* connection = headers.find("Connection");
    return connection && *connection == "close";
  }
};

// A blocking socket to loopback. A silent server fails the test after 20 s instead of hanging it.
class RawClient {
 public:
  explicit RawClient(uint16_t port, int receive_buffer_bytes = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = 20};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int on = 1;
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer_bytes > 0) {
      ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                   sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }

  bool is_connected() const { return connected_; }
  int fd() const { return fd_.get(); }

  // False if the server closed before it had read everything.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }
  void finish_sending() { ::shutdown(fd_.get(), SHUT_WR); }

  // The next reply; nothing if the connection ends first. A reply to HEAD has no body.
  std::optional<Reply> read_reply(bool is_head = false) {
    size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return std::nullopt;
    }
    Reply reply = parse_head(std::string_view(buffer_).substr(0, end + 2));
    buffer_.erase(0, end + 4);
    const std::string* length = reply.headers.find("Content-Length");
    const size_t size = length && !is_head ? std::stoull(*length) : 0;
    while (buffer_.size() < size) {
      if (!receive()) return std::nullopt;
    }
    reply.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return reply;
  }
  // Every reply until the server closes.
  std::vector<Reply> read_replies() {
    std::vector<Reply> replies;
    while (auto reply = read_reply()) replies.push_back(std::move(*reply));
    return replies;
  }
  // How many of `count` replies come before the end.
  int read_replies_until(int count) {
    int got = 0;
    while (got < count && read_reply()) ++got;
    return got;
  }
  // Waits for the end of the connection; true if nothing came before it.
  bool reads_end() {
    while (receive()) {
    }
    return buffer_.empty();
  }
  // Waits, without reading, until the connection is reset.
  bool waits_for_reset() {
    pollfd entry{.fd = fd_.get()};
    return ::poll(&entry, 1, 20'000) == 1 && (entry.revents & (POLLERR | POLLHUP)) != 0;
  }
  bool receive() {
    char part[16 * 1024];
    const ssize_t count = ::recv(fd_.get(), part, sizeof part, 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      ADD_FAILURE() << "the server is silent";
    }
    if (count <= 0) return false;
    buffer_.append(part, static_cast<size_t>(count));
    return true;
  }

 private:
  static Reply parse_head(std::string_view head) {
    Reply reply;
    EXPECT_TRUE(head.starts_with("HTTP/1.1 ")) << head;
    if (head.size() > 12) std::from_chars(head.data() + 9, head.data() + 12, reply.status);
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
      const size_t colon = head.find(": "), end = head.find("\r\n");
      reply.headers.add(std::string(head.substr(0, colon)),
                        std::string(head.substr(colon + 2, end - colon - 2)));
      head.remove_prefix(end + 2);
    }
    return reply;
  }

  UniqueFd fd_;
  bool connected_ = false;
  std::string buffer_;
};

inline wire::Response plain_refusal(int status, std::string_view target) {
  wire::Response response{.status = status};
  response.body = "refused " + std::to_string(status);
  if (!target.empty()) response.body += " " + std::string(target);
  return response;
}

// A server with one thread and a handler that answers "METHOD target body" and notes it.
class RecordingServer {
 public:
  explicit RecordingServer(ServerOptions options = {.threads = 1}, Handler handler = nullptr) {
    auto server = Server::create(
        std::move(options),
        [this, handler](wire::Request request) -> Awaitable<wire::Response> {
          note(request);
          if (handler) return handler(std::move(request));
          return echo(std::move(request));
        },
        plain_refusal);
    EXPECT_TRUE(server) << (server ? "" : server.error().message);
    if (server) server_ = std::move(*server);
  }

  Server& operator*() { return *server_; }
  Server* operator->() { return server_.get(); }
  std::vector<std::string> executed() {
    const std::lock_guard lock(mutex_);
    return executed_;
  }

  static Awaitable<wire::Response> echo(wire::Request request) {
    wire::Response response;
    response.body = request.method + " " + request.target + " " + request.body;
    co_return response;
  }

 private:
  void note(const wire::Request& request) {
    const std::lock_guard lock(mutex_);
    executed_.push_back(request.method + " " + request.target);
  }

  std::mutex mutex_;
  std::vector<std::string> executed_;
  std::unique_ptr<Server> server_;
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "http_test.XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, std::string_view bytes) const {
    std::ofstream(*this / name, std::ios::binary) << bytes;
    return *this / name;
  }

 private:
  std::string path_;
};

// Writes a self-signed certificate for 127.0.0.1, and its key, to the files.
inline void make_certificate(const TlsFiles& files) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("rushes test"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
  X509_EXTENSION* names =
      X509V3_EXT_conf_nid(nullptr, &context, NID_subject_alt_name, "IP:127.0.0.1");
  X509_add_ext(certificate.get(), names, -1);
  X509_EXTENSION_free(names);
  ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  FILE* file = std::fopen(files.certificate_file.c_str(), "w");
  PEM_write_X509(file, certificate.get());
  std::fclose(file);
  file = std::fopen(files.key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
}

}  // namespace rushes::http::testing

// For the tests of the outbound client: a server that follows a script for each connection, byte
// for byte, and a caller that sends many requests at once.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <functional>
#include <list>
#include <thread>

#include "edge/http/outbound.h"
#include "edge/http/test_kit.h"

namespace rushes::http::testing {

// The server's side of a connection.
class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {}

  // The next request, head and body; nothing if the connection ends first.
  std::optional<std::string> read_request() {
    size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return std::nullopt;
    }
    const size_t at = buffer_.find("Content-Length: ");
    const size_t body = at < end ? std::stoull(buffer_.substr(at + 16)) : 0;
    while (buffer_.size() < end + 4 + body) {
      if (!receive()) return std::nullopt;
    }
    std::string request = buffer_.substr(0, end + 4 + body);
    buffer_.erase(0, request.size());
    return request;
  }
  // At least one byte more of what comes.
  bool receive() {
    char part[64 * 1024];
    const ssize_t count = ::recv(fd_.get(), part, sizeof part, 0);
    if (count > 0) buffer_.append(part, static_cast<size_t>(count));
    return count > 0;
  }
  void send(std::string_view bytes) { ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  void answer(std::string_view body) {
    send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body));
  }
  // Ends the connection with RST instead of FIN.
  void reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void wait_for_end() {
    while (receive()) buffer_.clear();
  }
  void close() {
    const std::lock_guard lock(mutex_);
    fd_ = UniqueFd();
  }
  int fd() const { return fd_.get(); }
  // From any thread: what the script waits for ends now.
  void shut_down() {
    const std::lock_guard lock(mutex_);
    if (fd_.is_open()) ::shutdown(fd_.get(), SHUT_RDWR);
  }

 private:
  std::mutex mutex_;  // of the end of fd_, which the script and the server both bring about
  UniqueFd fd_;
  std::string buffer_;
};

class ScriptedServer {
 public:
  // Runs in a thread for each connection; the connection ends with it.
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(Script script, int receive_buffer_bytes = 0)
      : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer_bytes > 0) {
      ::setsockopt(listener_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                   sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_.get(), 1024), 0);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~ScriptedServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (Connection& each : connections_) each.peer.shut_down();
    }
    for (Connection& each : connections_) each.thread.join();
  }

  std::string url(const std::string& target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }
  uint16_t port() const { return port_; }
  // From a script: nobody connects any more.
  void stop_listening() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_has_ended_.wait(false);
  }
  int connection_count() const { return connection_count_; }

 private:
  struct Connection {
    explicit Connection(int fd) : peer(fd) {}
    Peer peer;
    std::thread thread;
  };

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) break;
      ++connection_count_;
      const std::lock_guard lock(mutex_);
      Connection& connection = connections_.emplace_back(fd);
      connection.thread = std::thread([this, &connection] {
        script_(connection.peer);
        connection.peer.close();
      });
    }
    acceptor_has_ended_ = true;
    acceptor_has_ended_.notify_all();
  }

  const Script script_;
  UniqueFd listener_;
  uint16_t port_ = 0;
  std::atomic<int> connection_count_{0};
  std::atomic<bool> acceptor_has_ended_{false};
  std::mutex mutex_;
  std::list<Connection> connections_;
  std::thread acceptor_;
};

inline std::unique_ptr<Outbound> make_loopback_outbound(OutboundOptions options = {}) {
  options.allowed_networks.push_back("127.0.0.0/8");
  auto outbound = make_outbound(std::move(options));
  EXPECT_TRUE(outbound) << (outbound ? "" : outbound.error().message);
  return std::move(*outbound);
}

inline Awaitable<void> send_into(Outbound& outbound, OutboundRequest request,
                                 OutboundReply& reply) {
  reply = co_await outbound.send(std::move(request));
}

// All at once; the replies are in the order of the requests.
inline std::vector<OutboundReply> send_all(Outbound& outbound,
                                           std::vector<OutboundRequest> requests) {
  boost::asio::io_context context;
  std::vector<OutboundReply> replies(requests.size());
  for (size_t i = 0; i < requests.size(); ++i) {
    boost::asio::co_spawn(context.get_executor(),
                          send_into(outbound, std::move(requests[i]), replies[i]),
                          [](std::exception_ptr error) { EXPECT_FALSE(error); });
  }
  context.run();
  return replies;
}

inline OutboundReply send_one(Outbound& outbound, OutboundRequest request) {
  std::vector<OutboundRequest> requests;
  requests.push_back(std::move(request));
  return send_all(outbound, std::move(requests)).front();
}

}  // namespace rushes::http::testing

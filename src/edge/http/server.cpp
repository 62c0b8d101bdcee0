#include "edge/http/server.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "edge/http/worker.h"

namespace rushes::http {

namespace {

struct Address {
  sockaddr_storage bytes{};
  socklen_t size_bytes = 0;
};

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Result<Address> resolve(const std::string& host, uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, FreeAddresses> list(found);
  if (error != 0) {
    return fail(ErrorCode::kInvalidInput,
                "listen address '" + host + "': " + std::string(::gai_strerror(error)));
  }
  Address address;
  std::memcpy(&address.bytes, list->ai_addr, list->ai_addrlen);
  address.size_bytes = list->ai_addrlen;
  return address;
}

std::unexpected<Error> fail_system(const std::string& what) {
  return fail(ErrorCode::kUnavailable, what + ": " + std::strerror(errno));
}

enum class Sharing { kAlone, kWithOwnThreads };

Result<UniqueFd> bind_socket(const Address& address, Sharing sharing) {
  const int family = address.bytes.ss_family;
  UniqueFd fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.is_open()) return fail_system("open a listening socket");
  const int on = 1;
  bool is_set = ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
  if (sharing == Sharing::kWithOwnThreads) {
    is_set = is_set && ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0;
  }
  // Accepted sockets inherit it.
  is_set = is_set && ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0;
  if (!is_set) return fail_system("set up a listening socket");
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size_bytes) !=
      0) {
    return fail_system("bind the listen address");
  }
  return fd;
}

Result<Address> local_address(const UniqueFd& fd) {
  Address address;
  address.size_bytes = sizeof address.bytes;
  if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address.bytes), &address.size_bytes) !=
      0) {
    return fail_system("read the listen address");
  }
  return address;
}

uint16_t port_of(const Address& address) {
  return ntohs(address.bytes.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address.bytes).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address.bytes).sin_port);
}

// One listening socket per thread on one port; the kernel spreads connections over them.
Result<std::vector<UniqueFd>> listen_on(Address address, int count) {
  if (port_of(address) != 0) {
    // SO_REUSEPORT would let a second server of the same user share the port without a word.
    TRY_VOID(bind_socket(address, Sharing::kAlone));
  }
  std::vector<UniqueFd> sockets;
  for (int i = 0; i < count; ++i) {
    TRY(UniqueFd fd, bind_socket(address, Sharing::kWithOwnThreads));
    if (i == 0) {
      TRY(address, local_address(fd));
    }
    sockets.push_back(std::move(fd));
  }
  for (const UniqueFd& fd : sockets) {
    if (::listen(fd.get(), SOMAXCONN) != 0) return fail_system("listen");
  }
  return sockets;
}

class ServerImpl final : public Server {
 public:
  ServerImpl(ServerOptions options, Handler handler, RefusalHandler refuse,
             std::unique_ptr<TlsContext> tls)
      : state_{options.limits, std::move(handler), std::move(refuse),
               options.clock ? *options.clock : system_clock_, std::move(tls)} {}
  ~ServerImpl() override { stop(std::chrono::milliseconds{0}); }

  void start(uint16_t port, boost::asio::ip::tcp protocol, std::vector<UniqueFd> sockets) {
    port_ = port;
    running_count_ = static_cast<int>(sockets.size());
    for (UniqueFd& socket : sockets) {
      workers_.push_back(std::make_unique<Worker>(state_, protocol, std::move(socket)));
    }
    for (const auto& worker : workers_) worker->start([this] { on_finished(); });
  }

  uint16_t port() const override { return port_; }
  int connection_count() const override { return state_.connection_count.load(); }

  Result<void> reload_tls() override {
    if (!state_.tls) return fail(ErrorCode::kUnsupported, "the server was started without TLS");
    return state_.tls->reload();
  }

  std::string public_key_pin() const override {
    return state_.tls ? state_.tls->public_key_pin() : "";
  }

  void stop(std::chrono::milliseconds grace) override {
    const std::lock_guard stopping(stop_mutex_);
    if (std::exchange(stopped_, true)) return;
    for (const auto& worker : workers_) worker->drain();
    {
      std::unique_lock lock(mutex_);
      finished_.wait_for(lock, grace, [this] { return running_count_ == 0; });
    }
    for (const auto& worker : workers_) worker->stop_and_join();
  }

 private:
  void on_finished() {
    const std::lock_guard lock(mutex_);
    --running_count_;
    finished_.notify_all();
  }

  const SystemClock system_clock_;
  ServerState state_;
  uint16_t port_ = 0;
  std::mutex stop_mutex_;  // makes a second stop() wait for the first
  bool stopped_ = false;   // guarded by stop_mutex_
  std::mutex mutex_;
  std::condition_variable finished_;
  int running_count_ = 0;  // guarded by mutex_
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::create(ServerOptions options, Handler handler,
                                               RefusalHandler refuse) {
  std::unique_ptr<TlsContext> tls;
  if (options.tls) {
    TRY(tls, TlsContext::create(*options.tls));
  }
  TRY(const Address address, resolve(options.host, options.port));
  const int thread_count =
      options.threads > 0 ? options.threads
                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  TRY(std::vector<UniqueFd> sockets, listen_on(address, thread_count));
  TRY(const Address bound, local_address(sockets.front()));
  const auto protocol =
      bound.bytes.ss_family == AF_INET6 ? boost::asio::ip::tcp::v6() : boost::asio::ip::tcp::v4();
  try {
    auto server = std::make_unique<ServerImpl>(std::move(options), std::move(handler),
                                               std::move(refuse), std::move(tls));
    server->start(port_of(bound), protocol, std::move(sockets));
    return server;
  } catch (const std::system_error& error) {  // no thread, no descriptor for an io_context
    return fail(ErrorCode::kUnavailable, std::string("start the server: ") + error.what());
  }
}

}  // namespace rushes::http

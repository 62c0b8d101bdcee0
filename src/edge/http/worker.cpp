#include "edge/http/worker.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/check.h"
#include "edge/http/response_writer.h"

namespace rushes::http {

namespace {

constexpr boost::asio::use_awaitable_t<Executor> kAwait{};

constexpr size_t kInputBytesMin = 4 * 1024;
constexpr size_t kSpareWorkspacesMax = 32;
constexpr int kAcceptsPerTurn = 64;
// Connections over the limit that are being told so. At this many the thread stops accepting for a
// moment: the rest waits in the kernel's queue, and nobody is closed without a word.
constexpr int kRefusingMax = 128;

std::string address_text(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
  } else {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
  }
  constexpr std::string_view kMapped = "::ffff:";  // an IPv4 client of an IPv6 socket
  const std::string_view whole(text);
  const bool is_mapped = whole.starts_with(kMapped) && whole.contains('.');
  return std::string(is_mapped ? whole.substr(kMapped.size()) : whole);
}

}  // namespace

Workspace::Workspace(const ServerLimits& limits)
    : capacity(std::max(limits.header_bytes_max, kInputBytesMin)),
      input(std::make_unique_for_overwrite<char[]>(capacity)),
      parser(limits.header_bytes_max, limits.body_bytes_max) {}

std::span<char> Workspace::room() {
  if (begin == end) begin = end = 0;
  if (end == capacity) {
    std::memmove(input.get(), input.get() + begin, end - begin);
    end -= begin;
    begin = 0;
  }
  RUSHES_CHECK(end < capacity);
  return {input.get() + end, capacity - end};
}

Worker::Worker(ServerState& state, boost::asio::ip::tcp protocol, UniqueFd listening)
    : state_(state),
      protocol_(protocol),
      deadlines_(state.limits),
      acceptor_(io_, protocol, listening.release()),
      tick_timer_(io_),
      pause_timer_(io_) {}

void Worker::start(std::function<void()> on_finished) {
  boost::asio::co_spawn(io_, accept(), boost::asio::detached);
  thread_ = std::thread([this, on_finished = std::move(on_finished)] {
    // A client that went away is an error code here. sendfile(2) and OpenSSL's writes have no flag
    // for that.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    io_.run();
    on_finished();
  });
}

void Worker::drain() {
  boost::asio::post(io_, [this] {
    draining_ = true;
    boost::system::error_code ignored;  // it is closed either way
    acceptor_.close(ignored);
    pause_timer_.cancel();
    for (Connection& connection : connections_) connection.drain();
    finish_if_drained();
  });
}

void Worker::stop_and_join() {
  io_.stop();
  if (thread_.joinable()) thread_.join();
  boost::system::error_code ignored;  // it is closed either way
  acceptor_.close(ignored);           // without grace the thread may have ended before it did
  while (!connections_.empty()) connections_.front().abandon();
}

std::string_view Worker::date() {
  if (!std::exchange(date_is_current_, true)) date_ = http_date(state_.clock.now());
  return date_;
}

std::unique_ptr<Workspace> Worker::take_workspace() {
  if (workspaces_.empty()) return std::make_unique<Workspace>(state_.limits);
  auto workspace = std::move(workspaces_.back());
  workspaces_.pop_back();
  workspace->begin = workspace->end = 0;
  workspace->parser.reset();
  return workspace;
}

void Worker::give_back(std::unique_ptr<Workspace> workspace) {
  if (workspaces_.size() < kSpareWorkspacesMax) workspaces_.push_back(std::move(workspace));
}

Awaitable<> Worker::accept() {
  while (!draining_) {
    boost::system::error_code error;
    co_await acceptor_.async_wait(Acceptor::wait_read, boost::asio::redirect_error(kAwait, error));
    if (error) co_return;  // closed
    const bool go_on = accept_queued();
    if (!go_on) co_await pause();
  }
}

bool Worker::accept_queued() {
  for (int count = 0; count < kAcceptsPerTurn; ++count) {
    if (refusing_count_ >= kRefusingMax) return false;
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    UniqueFd socket(::accept4(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&address),
                              &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.is_open()) {
      admit(std::move(socket), address_text(address));
      continue;
    }
    if (errno == EAGAIN) return true;
    const bool is_clients = errno == EINTR || errno == ECONNABORTED || errno == EPROTO;
    if (!is_clients) return false;  // EMFILE, ENFILE, ENOBUFS, ENOMEM: trying at once would spin
  }
  return true;
}

void Worker::admit(UniqueFd fd, std::string peer) {
  UniqueSsl session;
  if (state_.tls) {
    session = state_.tls->open_session(fd.get());
    if (!session) return;  // out of memory: not even a refusal can be sent
  }
  Socket socket(io_);
  boost::system::error_code error;
  socket.assign(protocol_, fd.get(), error);
  if (error) return;
  fd.release();
  const bool over = state_.connection_count.fetch_add(1) >= state_.limits.connections_max;
  if (over) {
    state_.connection_count.fetch_sub(1);
    ++refusing_count_;
  }
  auto connection =
      std::make_unique<Connection>(*this, std::move(socket), std::move(session), std::move(peer),
                                   over ? Admission::kOverLimit : Admission::kAdmitted);
  connections_.push_back(*connection);
  if (!ticking_) schedule_tick();
  boost::asio::co_spawn(io_, Connection::run(std::move(connection)), boost::asio::detached);
}

void Worker::on_closed(Admission admission) {
  if (admission == Admission::kOverLimit) {
    --refusing_count_;
  } else {
    state_.connection_count.fetch_sub(1);
  }
  finish_if_drained();
}

Awaitable<> Worker::pause() {
  boost::system::error_code cancelled;
  pause_timer_.expires_after(kTick);
  co_await pause_timer_.async_wait(boost::asio::redirect_error(kAwait, cancelled));
}

// Ticks only while there are connections: a server without any sleeps.
void Worker::schedule_tick() {
  date_is_current_ = false;
  ticking_ = true;
  tick_timer_.expires_after(kTick);
  tick_timer_.async_wait([this](boost::system::error_code error) {
    ticking_ = false;
    if (error) return;
    deadlines_.tick();
    if (!connections_.empty()) schedule_tick();
  });
}

void Worker::finish_if_drained() {
  if (draining_ && connections_.empty()) tick_timer_.cancel();
}

}  // namespace rushes::http

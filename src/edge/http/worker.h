// One thread of the server: an io_context, a listening socket of its own, and the connections that
// it accepted, with what they share: the tick, the Date, and buffers for those that are busy.
// Everything here belongs to that thread, except where a function says otherwise.
#pragma once

#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "edge/http/connection.h"
#include "edge/http/deadlines.h"
#include "edge/http/request_parser.h"
#include "edge/http/server.h"
#include "edge/http/tls_context.h"
#include "edge/http/unique_fd.h"

namespace rushes::http {

// What all threads of a server share.
struct ServerState {
  ServerLimits limits;
  Handler handler;
  RefusalHandler refuse;
  const Clock& clock;
  std::unique_ptr<TlsContext> tls;  // null: plain
  std::atomic<int> connection_count{0};
};

// What a connection needs while a request is on its way, and gives back when idle.
struct Workspace {
  explicit Workspace(const ServerLimits& limits);

  std::string_view pending() const { return {input.get() + begin, end - begin}; }
  void consume(size_t count) { begin += count; }
  // Free room for input, at least one byte: what the parser left fits (see RequestParser::parse).
  std::span<char> room();

  const size_t capacity;
  std::unique_ptr<char[]> input;
  size_t begin = 0, end = 0;
  RequestParser parser;
  std::string output;
};

class Worker {
 public:
  // `listening` is bound, listening and non-blocking.
  Worker(ServerState& state, boost::asio::ip::tcp protocol, UniqueFd listening);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // From the thread that owns the server:
  void start(std::function<void()> on_finished);
  // Begins the graceful stop; the thread finishes when its last connection is gone.
  void drain();
  // Ends the thread, and then every connection.
  void stop_and_join();

  // From this thread, for its connections:
  ServerState& state() { return state_; }
  Deadlines& deadlines() { return deadlines_; }
  Executor executor() { return io_.get_executor(); }
  bool is_draining() const { return draining_; }
  std::string_view date();
  std::unique_ptr<Workspace> take_workspace();
  void give_back(std::unique_ptr<Workspace> workspace);
  void add(Connection& connection);
  void on_closed(Admission admission);

 private:
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, Executor>;

  Awaitable<> accept();
  // Accepts what is queued; false if the system is out of something and accepting must pause.
  bool accept_queued();
  void admit(UniqueFd socket, std::string peer);
  Awaitable<> pause();
  void schedule_tick();
  void finish_if_drained();

  ServerState& state_;
  const boost::asio::ip::tcp protocol_;
  Deadlines deadlines_;
  Connection::List connections_;
  std::vector<std::unique_ptr<Workspace>> workspaces_;
  std::string date_;
  bool date_is_current_ = false;
  bool ticking_ = false;
  bool draining_ = false;
  int refusing_count_ = 0;

  // After what connections refer to: destroying it destroys the coroutines that are left.
  boost::asio::io_context io_{1};
  Acceptor acceptor_;
  Timer tick_timer_, pause_timer_;
  std::thread thread_;
};

}  // namespace rushes::http

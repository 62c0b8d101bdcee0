// HTTP/1.1 server: bytes to wire::Request, wire::Response to bytes, within limits.
//
// One io_context per thread, each with its own listening socket (SO_REUSEPORT); a connection lives
// and dies on one thread. The handler is called on the connection's thread and may await; it must
// not block. Requests of one connection are answered in order (pipelining).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "core/wire/message.h"
#include "edge/platform/async.h"
#include "edge/platform/clock.h"

namespace rushes::http {

struct ServerLimits {
  size_t header_bytes_max = 16 * 1024;
  size_t body_bytes_max = 1024 * 1024;
  int connections_max = 20'000;
  std::chrono::milliseconds idle_timeout{75'000};    // between requests
  std::chrono::milliseconds header_timeout{10'000};  // first byte to end of header
  std::chrono::milliseconds body_timeout{30'000};    // end of header to end of body
  std::chrono::milliseconds write_timeout{60'000};   // no progress in sending
};

struct TlsFiles {
  std::string certificate_file, key_file;  // PEM
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 0;  // 0: the system picks one
  int threads = 0;    // 0: one per core
  ServerLimits limits;
  std::optional<TlsFiles> tls;
  const Clock* clock = nullptr;  // for the Date field; null: the system's
};

using Handler = std::function<Awaitable<wire::Response>(wire::Request)>;
// Answers requests that never became one (400, 413, 431, 501, 505, 408, 503) in the API's own
// shape. `target` is what was asked for as far as that was understood, else empty.
using RefusalHandler = std::function<wire::Response(int status, std::string_view target)>;

class Server {
 public:
  virtual ~Server() = default;
  // Binds and begins to accept. kUnavailable if the address is taken; kInvalidInput for a host that
  // is no address here, and for TLS files that do not load.
  static Result<std::unique_ptr<Server>> create(ServerOptions options, Handler handler,
                                                RefusalHandler refuse);
  virtual uint16_t port() const = 0;
  // Reads the certificate and key again; connections that are open keep the old ones.
  virtual Result<void> reload_tls() = 0;
  // The pin of the TLS key in use, as ClientOptions take it; "" without TLS.
  virtual std::string public_key_pin() const = 0;
  // Stops accepting, finishes replies in progress, closes idle connections, and after `grace` the
  // rest; then joins the threads. Idempotent; not from a handler. A handler that is still waiting
  // then never resumes: what it waits for must not answer after the server is destroyed.
  virtual void stop(std::chrono::milliseconds grace) = 0;
  // Open connections, for metrics and tests.
  virtual int connection_count() const = 0;
};

}  // namespace rushes::http

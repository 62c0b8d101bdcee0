// A connected socket, plain or TLS, as one non-blocking byte stream: each operation does what it
// can now or says what to wait for. Owned by one connection, used on its thread only.
#pragma once

#include <sys/types.h>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <span>
#include <string_view>

#include "edge/http/tls_context.h"
#include "edge/platform/async.h"

namespace rushes::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

struct Transfer {
  enum class Status {
    kDone,       // `bytes` were moved, at least one
    kWantRead,   // wait until the socket is readable, then try again
    kWantWrite,  // wait until it is writable
    kEnd,        // the other side sends no more
    kFailed,     // the stream is unusable
  };
  Status status;
  size_t bytes = 0;
};

enum class Following { kNothing, kMore };  // is more about to be written at once?

class Stream {
 public:
  // A null `session` makes it plain.
  Stream(Socket socket, UniqueSsl session);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool is_secure() const { return session_ != nullptr; }
  Socket& socket() { return socket_; }

  // kDone with 0 bytes once the session is established.
  Transfer handshake();
  // After a failed handshake: did the client speak plain HTTP to the TLS port?
  bool is_plain_http_mistake() const { return plain_http_mistake_; }
  // Gives TLS up, to say so in the client's own language.
  void become_plain() { session_.reset(); }

  // True if read() may have bytes although the socket is not readable.
  bool has_buffered_input() const;
  // True if bytes have arrived that nobody has read.
  bool has_unread_input() const;
  Transfer read(std::span<char> into);
  // Writes of `head` and then of `body`; may be part of both.
  Transfer write(std::string_view head, std::string_view body, Following following);
  // From the file `fd` without copying; plain streams only. Moves `offset` on. kEnd: the file is
  // shorter than that.
  Transfer send_file(int fd, off_t& offset, size_t count);
  // Reads and drops what the other side still sends, undecrypted.
  Transfer discard(std::span<char> scratch);

  // Says that nothing more will be sent; discard() still works.
  void finish_sending();
  void close();
  // Closes with a reset: what the other side has not taken by now is dropped by the kernel too.
  void abort();

 private:
  Transfer from_ssl(int result);
  Transfer from_system(ssize_t result);

  Socket socket_;
  UniqueSsl session_;
  bool broken_ = false;  // after a fatal TLS error not even a closing alert may be sent
  bool plain_http_mistake_ = false;
  bool finished_sending_ = false;
};

}  // namespace rushes::http

#include "edge/http/stream.h"

#include <openssl/err.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>

namespace rushes::http {

namespace {

using Status = Transfer::Status;

}  // namespace

Stream::Stream(Socket socket, UniqueSsl session)
    : socket_(std::move(socket)), session_(std::move(session)) {}

Stream::~Stream() { close(); }

Transfer Stream::from_ssl(int result) {
  if (result > 0) return {Status::kDone, static_cast<size_t>(result)};
  switch (SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {Status::kWantRead};
    case SSL_ERROR_WANT_WRITE: return {Status::kWantWrite};
    case SSL_ERROR_ZERO_RETURN: return {Status::kEnd};
    default: broken_ = true; return {Status::kFailed};
  }
}

Transfer Stream::from_system(ssize_t result) {
  if (result > 0) return {Status::kDone, static_cast<size_t>(result)};
  if (result == 0) return {Status::kEnd};
  return {Status::kFailed};
}

Transfer Stream::handshake() {
  ERR_clear_error();
  const int result = SSL_accept(session_.get());
  if (result == 1) return {Status::kDone};
  const Transfer transfer = from_ssl(result);
  if (transfer.status == Status::kFailed) {
    plain_http_mistake_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST;
  }
  return transfer;
}

bool Stream::has_buffered_input() const { return session_ && SSL_has_pending(session_.get()) == 1; }

bool Stream::has_unread_input() const {
  boost::system::error_code ignored;  // a socket that cannot say has nothing to read
  return has_buffered_input() || socket_.available(ignored) > 0;
}

Transfer Stream::read(std::span<char> into) {
  if (session_) {
    ERR_clear_error();
    return from_ssl(SSL_read(session_.get(), into.data(),
                             static_cast<int>(std::min<size_t>(into.size(), INT_MAX))));
  }
  return discard(into);
}

Transfer Stream::discard(std::span<char> scratch) {
  ssize_t count;
  do {
    count = ::recv(socket_.native_handle(), scratch.data(), scratch.size(), MSG_DONTWAIT);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) return {Status::kWantRead};
  return from_system(count);
}

Transfer Stream::write(std::string_view head, std::string_view body, Following following) {
  if (session_) {
    ERR_clear_error();
    const std::string_view part = head.empty() ? body : head;
    return from_ssl(SSL_write(session_.get(), part.data(),
                              static_cast<int>(std::min<size_t>(part.size(), INT_MAX))));
  }
  std::array<iovec, 2> parts = {{{const_cast<char*>(head.data()), head.size()},
                                 {const_cast<char*>(body.data()), body.size()}}};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = body.empty() ? 1 : 2;
  const int flags = MSG_DONTWAIT | MSG_NOSIGNAL | (following == Following::kMore ? MSG_MORE : 0);
  ssize_t count;
  do {
    count = ::sendmsg(socket_.native_handle(), &message, flags);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) return {Status::kWantWrite};
  return from_system(count);
}

Transfer Stream::send_file(int fd, off_t& offset, size_t count) {
  ssize_t sent;
  do {
    sent = ::sendfile(socket_.native_handle(), fd, &offset, count);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0 && errno == EAGAIN) return {Status::kWantWrite};
  return from_system(sent);
}

void Stream::finish_sending() {
  if (std::exchange(finished_sending_, true)) return;
  if (session_ && !broken_ && SSL_is_init_finished(session_.get())) {
    ERR_clear_error();
    SSL_shutdown(session_.get());
  }
  boost::system::error_code ignored;  // the peer may be gone already
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Stream::close() {
  if (!socket_.is_open()) return;
  if (session_) finish_sending();
  boost::system::error_code ignored;  // the descriptor is released whatever close(2) answers
  socket_.close(ignored);
}

void Stream::abort() {
  if (!socket_.is_open()) return;
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  broken_ = true;
  close();
}

}  // namespace rushes::http

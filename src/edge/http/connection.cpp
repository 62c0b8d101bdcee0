#include "edge/http/connection.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "edge/http/response_writer.h"
#include "edge/http/worker.h"

namespace rushes::http {

namespace {

constexpr boost::asio::use_awaitable_t<Executor> kAwait{};

// Bodies up to this size travel in the buffer of the head: copying them is cheaper than a second
// part of the write.
constexpr size_t kInlineBodyBytesMax = 16 * 1024;
// One step of sending a file, and how much of it may be sent before others get their turn.
constexpr size_t kFileStepBytes = 256 * 1024;
constexpr size_t kTurnBytes = 1024 * 1024;
constexpr size_t kCopyStepBytes = 16 * 1024;  // one TLS record
// Requests answered without waiting before others get their turn.
constexpr int kTurnRequests = 32;
// A refused client that goes on sending is heard out up to here.
constexpr size_t kLingerBytesMax = 4 * 1024 * 1024;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

// The file that `part` is of, if it has all those bytes.
UniqueFd open_file(const wire::FileBody& part) {
  UniqueFd file(::open(part.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts{};
  if (!file.is_open() || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return UniqueFd();
  const auto size_bytes = static_cast<uint64_t>(facts.st_size);
  if (part.offset > size_bytes || part.size_bytes > size_bytes - part.offset) return UniqueFd();
  return file;
}

// Asks the kernel to read the next stretch in the background, so that sending it does not wait for
// the disk on the thread that serves everybody.
void read_ahead(int fd, uint64_t offset) {
  ::posix_fadvise(fd, static_cast<off_t>(offset), kTurnBytes, POSIX_FADV_WILLNEED);
}

bool asks_to_close(const wire::Response& response) {
  const std::string* connection = response.headers.find("Connection");
  return connection && wire::equal_ignoring_case(*connection, "close");
}

}  // namespace

// What the request said about its reply.
struct Connection::Sending {
  bool is_head = false;
  bool is_http_1_0 = false;
};

Connection::Connection(Worker& worker, Socket socket, UniqueSsl session, std::string peer,
                       Admission admission)
    : worker_(worker),
      stream_(std::move(socket), std::move(session)),
      peer_(std::move(peer)),
      admission_(admission) {}

Connection::~Connection() { abandon(); }

void Connection::abandon() {
  if (std::exchange(closed_, true)) return;
  disarm();
  stream_.close();
  if (hook.is_linked()) hook.unlink();
  worker_.on_closed(admission_);
}

void Connection::drain() {
  boost::system::error_code ignored;  // nothing pending is as good
  if (idle_) stream_.socket().cancel(ignored);
}

void Connection::expire() {
  expired_ = true;
  boost::system::error_code ignored;  // nothing pending: the next wait sees `expired_`
  stream_.socket().cancel(ignored);
}

void Connection::arm(Deadline kind) {
  expired_ = false;
  worker_.deadlines().arm(*this, kind);
}

void Connection::disarm() {
  expired_ = false;
  Deadlines::disarm(*this);
}

void Connection::attach_workspace() {
  if (!workspace_) workspace_ = worker_.take_workspace();
}

void Connection::release_workspace() {
  if (workspace_) worker_.give_back(std::move(workspace_));
}

Awaitable<> Connection::run(std::unique_ptr<Connection> self) {
  co_await self->serve();
  self->release_workspace();
}

Awaitable<> Connection::serve() {
  if (stream_.is_secure()) {
    const bool secured = co_await handshake();
    if (!secured) co_return;
  }
  if (admission_ == Admission::kOverLimit) {
    co_await refuse(503);
    co_return;
  }
  for (int turn = 1;; ++turn) {
    const Received received = co_await receive();
    disarm();
    if (received == Received::kNothing) co_return;
    if (received == Received::kRefused) {
      co_await refuse(refusal_status_, workspace_->parser.refused_target());
      co_return;
    }
    const bool sent = co_await answer();
    if (!sent) {
      // A reset says that the reply was cut off, and frees what the kernel still holds of it.
      stream_.abort();
      co_return;
    }
    if (closing_) {
      // Input that nobody will read would turn the close into a reset, which may overtake the
      // reply.
      if (!workspace_->pending().empty() || stream_.has_unread_input()) co_await linger();
      co_return;
    }
    if (turn % kTurnRequests == 0) co_await boost::asio::post(worker_.executor(), kAwait);
  }
}

Awaitable<bool> Connection::handshake() {
  arm(Deadline::kHeader);
  for (;;) {
    const Transfer transfer = stream_.handshake();
    if (transfer.status == Transfer::Status::kDone) co_return true;
    idle_ = true;  // nothing was asked yet: a server that drains need not wait
    const bool ready = co_await wait(transfer.status);
    idle_ = false;
    if (ready) continue;
    if (stream_.is_plain_http_mistake()) {
      stream_.become_plain();
      co_await refuse(400);
    }
    co_return false;
  }
}

// Reads until there is a request, a reason to refuse, or nothing more to expect.
Awaitable<Connection::Received> Connection::receive() {
  arm(Deadline::kIdle);
  if (workspace_) workspace_->parser.reset();
  bool begun = false;
  for (;;) {
    if (workspace_ && !workspace_->pending().empty()) {
      const auto step = workspace_->parser.parse(workspace_->pending());
      workspace_->consume(step.consumed_bytes);
      switch (step.progress) {
        case RequestParser::Progress::kComplete: co_return Received::kRequest;
        case RequestParser::Progress::kRefused:
          refusal_status_ = workspace_->parser.refusal_status();
          co_return Received::kRefused;
        case RequestParser::Progress::kBodyFollows: {
          begun = true;
          arm(Deadline::kBody);
          if (!workspace_->pending().empty()) continue;
          if (!workspace_->parser.expects_continue()) break;
          const bool told = co_await write(kContinue, {}, Following::kNothing);
          if (!told) co_return Received::kNothing;
          arm(Deadline::kBody);
          break;
        }
        case RequestParser::Progress::kNeedMore:
          if (!begun && workspace_->parser.has_begun()) {
            begun = true;
            arm(Deadline::kHeader);
          }
          break;
      }
    }
    if (!begun) {
      if (worker_.is_draining()) co_return Received::kNothing;
      if (workspace_ && workspace_->pending().empty()) release_workspace();
      idle_ = true;
    }
    const bool got_some = co_await fill();
    idle_ = false;
    if (got_some) continue;
    if (!begun) co_return Received::kNothing;
    refusal_status_ = expired_ ? 408 : 400;  // 400: cut off in the middle of a request
    co_return Received::kRefused;
  }
}

// Waits for input and reads some; false at the end of input, on failure, and past the deadline.
Awaitable<bool> Connection::fill() {
  // An idle connection holds no buffer while it waits.
  if (!workspace_ && !stream_.has_buffered_input()) {
    const bool ready = co_await wait(Transfer::Status::kWantRead);
    if (!ready) co_return false;
  }
  attach_workspace();
  for (;;) {
    const Transfer transfer = stream_.read(workspace_->room());
    if (transfer.status == Transfer::Status::kDone) {
      workspace_->end += transfer.bytes;
      co_return true;
    }
    const bool ready = co_await wait(transfer.status);
    if (!ready) co_return false;
  }
}

// True when the transfer that answered `wanted` may be tried again.
Awaitable<bool> Connection::wait(Transfer::Status wanted) {
  const bool to_read = wanted == Transfer::Status::kWantRead;
  if (!to_read && wanted != Transfer::Status::kWantWrite) co_return false;
  if (expired_) co_return false;
  boost::system::error_code error;
  co_await stream_.socket().async_wait(to_read ? Socket::wait_read : Socket::wait_write,
                                       boost::asio::redirect_error(kAwait, error));
  co_return !error && !expired_;
}

// True if the whole reply was sent.
Awaitable<bool> Connection::answer() {
  Sending how{.is_http_1_0 = workspace_->parser.is_http_1_0()};
  closing_ = !workspace_->parser.keep_alive();
  wire::Request request = workspace_->parser.take_request();
  request.peer = peer_;
  request.secure = stream_.is_secure();
  how.is_head = request.method == "HEAD";
  wire::Response response;
  try {
    wire::Response made = co_await worker_.state().handler(std::move(request));
    response = std::move(made);
  } catch (...) {
    // The one place around one request: whatever went wrong, the client gets a reply.
    response = refusal(500);
    closing_ = true;
  }
  closing_ = closing_ || worker_.is_draining() || asks_to_close(response);
  co_return co_await send(std::move(response), how);
}

Awaitable<> Connection::refuse(int status, std::string_view target) {
  disarm();
  attach_workspace();
  closing_ = true;
  const bool sent = co_await send(refusal(status, target), Sending{});
  if (sent) co_await linger();
}

wire::Response Connection::refusal(int status, std::string_view target) const {
  try {
    return worker_.state().refuse(status, target);
  } catch (...) {
    return {.status = status};
  }
}

// Puts the head into the output; the file if there is one to send. A response that cannot be sent
// becomes a 500.
UniqueFd Connection::prepare(wire::Response& response, Sending how) {
  workspace_->output.clear();
  const auto write_head = [&] {
    return append_head(workspace_->output, response,
                       {worker_.date(), closing_ ? Keep::kClose : Keep::kAlive, how.is_http_1_0});
  };
  UniqueFd file;
  if (response.file) file = open_file(*response.file);
  if (response.file.has_value() == file.is_open() && write_head()) return file;
  closing_ = true;
  response = refusal(500);
  response.file.reset();
  if (!write_head()) {
    response = {.status = 500};
    write_head();
  }
  return UniqueFd();
}

// True if all of it was sent.
Awaitable<bool> Connection::send(wire::Response response, Sending how) {
  const UniqueFd file = prepare(response, how);
  std::string& out = workspace_->output;
  std::string_view body;
  bool has_file = false;
  if (!how.is_head && may_have_body(response.status)) {
    has_file = file.is_open() && response.file->size_bytes > 0;
    if (!file.is_open()) body = response.body;
  }
  if (body.size() <= kInlineBodyBytesMax) {
    out += body;
    body = {};
  }
  bool sent = co_await write(out, body, has_file ? Following::kMore : Following::kNothing);
  if (sent && has_file) {
    const wire::FileBody part = *response.file;
    if (stream_.is_secure()) {
      sent = co_await copy_file(file.get(), part);
    } else {
      sent = co_await send_file(file.get(), part);
    }
  }
  disarm();
  co_return sent;
}

Awaitable<bool> Connection::write(std::string_view head, std::string_view body,
                                  Following following) {
  while (!head.empty() || !body.empty()) {
    const Transfer transfer = stream_.write(head, body, following);
    if (transfer.status != Transfer::Status::kDone) {
      arm(Deadline::kWrite);  // each wait is one: what counts is progress
      const bool ready = co_await wait(transfer.status);
      if (!ready) co_return false;
      continue;
    }
    const size_t of_head = std::min(transfer.bytes, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(transfer.bytes - of_head);
  }
  co_return true;
}

Awaitable<bool> Connection::send_file(int fd, wire::FileBody part) {
  auto offset = static_cast<off_t>(part.offset);
  const auto end = static_cast<off_t>(part.offset + part.size_bytes);
  read_ahead(fd, part.offset);
  for (size_t turn_bytes = 0; offset < end;) {
    const auto step = std::min<uint64_t>(kFileStepBytes, static_cast<uint64_t>(end - offset));
    const Transfer transfer = stream_.send_file(fd, offset, step);
    if (transfer.status != Transfer::Status::kDone) {
      arm(Deadline::kWrite);
      const bool ready = co_await wait(transfer.status);
      if (!ready) co_return false;  // including a file that has become shorter
      continue;
    }
    turn_bytes += transfer.bytes;
    if (turn_bytes < kTurnBytes) continue;
    turn_bytes = 0;
    read_ahead(fd, static_cast<uint64_t>(offset));
    co_await boost::asio::post(worker_.executor(), kAwait);
  }
  co_return true;
}

// As send_file, through memory, because TLS has to see the bytes.
Awaitable<bool> Connection::copy_file(int fd, wire::FileBody part) {
  std::string& buffer = workspace_->output;  // the head that was in it is sent
  read_ahead(fd, part.offset);
  uint64_t offset = part.offset;
  const uint64_t end = part.offset + part.size_bytes;
  for (size_t turn_bytes = 0; offset < end;) {
    buffer.resize(std::min<uint64_t>(kCopyStepBytes, end - offset));
    const ssize_t count = ::pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (count <= 0) co_return false;
    buffer.resize(static_cast<size_t>(count));
    const bool sent = co_await write(buffer, {}, Following::kNothing);
    if (!sent) co_return false;
    offset += buffer.size();
    turn_bytes += buffer.size();
    if (turn_bytes < kTurnBytes) continue;
    turn_bytes = 0;
    read_ahead(fd, offset);
    co_await boost::asio::post(worker_.executor(), kAwait);
  }
  co_return true;
}

// Says that there is no more, and hears the other side out, so that what was sent arrives.
Awaitable<> Connection::linger() {
  attach_workspace();
  stream_.finish_sending();
  arm(Deadline::kLinger);
  const std::span<char> scratch(workspace_->input.get(), workspace_->capacity);
  for (size_t heard_bytes = 0; heard_bytes < kLingerBytesMax;) {
    const Transfer transfer = stream_.discard(scratch);
    heard_bytes += transfer.bytes;
    if (transfer.status == Transfer::Status::kDone) continue;
    const bool ready = co_await wait(transfer.status);
    if (!ready) co_return;
  }
}

}  // namespace rushes::http

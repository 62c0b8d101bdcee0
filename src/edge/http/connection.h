// One accepted socket from its first byte to its end: reads a request, has it answered, sends the
// answer, and again. Owned by its own coroutine; lives on its worker's thread.
#pragma once

#include <boost/intrusive/list.hpp>
#include <memory>
#include <string>

#include "core/wire/message.h"
#include "edge/http/deadlines.h"
#include "edge/http/stream.h"
#include "edge/http/unique_fd.h"
#include "edge/platform/async.h"

namespace rushes::http {

class Worker;
struct Workspace;

enum class Admission { kAdmitted, kOverLimit };  // over the limit: only to be told so

class Connection final : public Late {
 public:
  using Hook = boost::intrusive::list_member_hook<
      boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  Connection(Worker& worker, Socket socket, UniqueSsl session, std::string peer,
             Admission admission);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  static Awaitable<> run(std::unique_ptr<Connection> self);

  // The server drains: ends the connection if it is between requests.
  void drain();
  // Closes it whatever it is doing; its coroutine never resumes.
  void abandon();

 private:
  enum class Received { kRequest, kRefused, kNothing };
  struct Sending;

  Awaitable<> serve();
  Awaitable<bool> handshake();
  Awaitable<Received> receive();
  Awaitable<bool> fill();
  Awaitable<bool> wait(Transfer::Status wanted);
  Awaitable<bool> answer();
  Awaitable<> refuse(int status, std::string_view target = {});
  UniqueFd prepare(wire::Response& response, Sending how);
  Awaitable<bool> send(wire::Response response, Sending how);
  Awaitable<bool> write(std::string_view head, std::string_view body, Following following);
  Awaitable<bool> send_file(int fd, wire::FileBody part);
  Awaitable<bool> copy_file(int fd, wire::FileBody part);
  Awaitable<> linger();

  void expire() override;
  void arm(Deadline kind);
  void disarm();
  void attach_workspace();
  void release_workspace();
  wire::Response refusal(int status, std::string_view target = {}) const;

  Worker& worker_;
  Stream stream_;
  const std::string peer_;
  const Admission admission_;
  std::unique_ptr<Workspace> workspace_;  // null while idle
  int refusal_status_ = 0;
  bool expired_ = false;  // its deadline has passed
  bool idle_ = false;     // between requests
  bool closing_ = false;  // the reply says that it is the last one
  bool closed_ = false;

 public:
  Hook hook;
  using List =
      boost::intrusive::list<Connection,
                             boost::intrusive::member_hook<Connection, Hook, &Connection::hook>,
                             boost::intrusive::constant_time_size<false>>;
};

}  // namespace rushes::http

// remote: the tasks of remote providers on this node, each a coroutine from its claim (or its
// adoption after a restart) to its end.
//
// Everything here runs on the engine's one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "server/engine/fetch.h"
#include "server/engine/late.h"
#include "server/engine/poll.h"
#include "server/engine/remote_run.h"
#include "server/engine/submission.h"

namespace rushes::engine {

class Remote {
 public:
  // `on_news` is called whenever a task has another state, or has ended: there may be room for
  // another one, and a callback may be owed.
  Remote(Services services, Options options, Executor executor, std::function<void()> on_news);
  ~Remote();
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;

  // How many more tasks of this provider may be claimed now.
  int room(const ConfiguredProvider& provider);
  bool idle() const { return runs_.empty() && late_.empty(); }
  bool holds(TaskId id) const { return runs_.contains(id); }

  // A task that was just claimed, or adopted with what is known of its attempt.
  void begin(Task task, std::optional<Attempt> attempt);

  // Renews leases, records progress, learns of cancels.
  Awaitable<> tick();
  // The client changed its mind; unknown ids are no error.
  void cancel(TaskId id);
  // Somebody says that there is news.
  void hint(TaskId id, int attempt);
  // Every task stops at its next durable point; idle() says when.
  void stop();

 private:
  Awaitable<> work(std::shared_ptr<RemoteRun> run);
  Awaitable<bool> open(std::shared_ptr<RemoteRun> run);
  // What the attempt was frozen with.
  Awaitable<Result<void>> thaw(std::shared_ptr<RemoteRun> run);
  // News of a task that is not in work here.
  Awaitable<> book_late(TaskId id, int attempt);

  RemoteDesk desk_;
  Executor executor_;
  std::function<void()> on_news_;
  Submission submission_;
  Poll poll_;
  Fetch fetch_;
  Late booking_;
  std::map<TaskId, std::shared_ptr<RemoteRun>> runs_;
  std::map<TaskId, std::shared_ptr<RemoteRun>> late_;  // of tasks that are over
  Timestamp renewed_at_{};
  bool stopping_ = false;  // what begins from now on ends at once
};

}  // namespace rushes::engine

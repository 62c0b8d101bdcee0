// Engine: takes accepted specs to their end. The composition of submit, claim, execute, complete,
// rescue and clean; each duty has its own file here.
//
// Owned by server/app. start() and stop() from the main thread, both idempotent; submit() and
// cancel() from any io_context.
#pragma once

#include <memory>

#include "edge/store/store.h"
#include "server/engine/services.h"

namespace rushes::engine {

class Engine {
 public:
  virtual ~Engine() = default;

  // Durable before it completes. `task.task.id` and the times are filled in here. A full queue, a
  // duplicate external id and a replay are answers (store::Created::Kind), not errors.
  virtual Awaitable<Result<store::Created>> submit(store::NewTask task) = 0;

  // True: the task will end as failed with "Task was cancelled" (at once if it was queued).
  // False: unknown to this account, or already over.
  virtual Awaitable<Result<bool>> cancel(AccountId account, TaskId id) = 0;

  // Takes back what this node held when it last died, then works until stop().
  virtual void start() = 0;
  // Ends the children, hands the leases back, joins.
  virtual void stop() = 0;
};

// Runs on an io_context and thread of its own. The services outlive it; so do the io_contexts that
// called submit and cancel.
std::unique_ptr<Engine> make_engine(Services services, Options options);

// The same on an io_context that somebody else runs, for tests: start() and stop() only post, and
// the engine is idle again once the context has run out of work.
std::unique_ptr<Engine> make_engine_on(boost::asio::io_context& context, Services services,
                                       Options options);

}  // namespace rushes::engine

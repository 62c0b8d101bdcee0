// Engine: takes accepted specs to their end. The composition of submit, claim, execute, submission,
// poll, fetch, complete, rescue and clean; each duty has its own file here.
//
// Owned by server/app. start() and stop() from the main thread, both idempotent; submit() and
// cancel() from any io_context.
#pragma once

#include <memory>

#include "edge/store/store.h"
#include "server/engine/services.h"

namespace rushes::engine {

enum class Cancel {
  // The task ends as failed with "Task was cancelled", at once if it was queued. One whose create
  // is
  // under way may turn out to be accepted: if its provider cannot cancel, it goes on and is paid
  // for.
  kWillEnd,
  kTooLate,  // a provider has it that cannot cancel: it goes on and is paid for
  kUnknown,  // unknown to this account, or already over
};

class Engine {
 public:
  virtual ~Engine() = default;

  // Durable before it completes. `wanted->task.id` and the times are filled in here. A full queue,
  // a duplicate external id and a replay are answers (store::Created::Kind), not errors.
  // kUnsupported, with a text for the client, if no provider of the model's route can make it.
  virtual Awaitable<Result<store::Created>> submit(std::unique_ptr<store::NewTask> wanted) = 0;

  virtual Awaitable<Result<Cancel>> cancel(AccountId account, TaskId id) = 0;

  // A provider says that there is news of an attempt. False: `secret` is not the one that it was
  // told; nothing happens. True: it is, and the provider is asked soon where this engine works; one
  // that was not started drops the hint, and polling finds the news. Never more than that is
  // believed.
  virtual bool hint(TaskId id, int attempt, std::string_view secret) = 0;

  // Takes back what this node held when it last died, then works until stop().
  virtual void start() = 0;
  // Ends the children, hands the leases back, joins. Requests that are under way have
  // Options::stop_grace to end by themselves; then the network is stopped.
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

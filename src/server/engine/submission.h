// submission: a claimed task becomes a job of a remote provider, at most once.
//
// The attempt is durable before its request leaves (kPrepared). From then on only a reply decides:
// accepted is bound; proven absent is sent again; what cannot be told is asked for by our handle,
// and never sent again on a guess, because money may have been spent.
#pragma once

#include "server/engine/remote_run.h"

namespace rushes::engine {

class Submission {
 public:
  explicit Submission(RemoteDesk& desk) : desk_(desk) {}

  // One step of a task in kSubmitting: it ends bound, over, or to be stepped again.
  Awaitable<> step(std::shared_ptr<RemoteRun> run);

  // Asks once for the job by our handle: kAccepted only if the provider names exactly that.
  Awaitable<provider::Outcome> ask_by_handle(std::shared_ptr<RemoteRun> run);

  // Where the provider may call back about an attempt; empty without a public base URL.
  static std::string callback_url(const Services& services, const Options& options, TaskId task,
                                  int attempt);
  // The part of it that proves that the caller was told.
  static std::string callback_secret(const Services& services, TaskId task, int attempt);

 private:
  Awaitable<> prepare(std::shared_ptr<RemoteRun> run);
  Awaitable<> submit(std::shared_ptr<RemoteRun> run);
  Awaitable<> act(std::shared_ptr<RemoteRun> run, provider::Outcome outcome);
  Awaitable<> bind(std::shared_ptr<RemoteRun> run, std::string upstream_id);
  Awaitable<> not_accepted(std::shared_ptr<RemoteRun> run, Millis pause);
  Awaitable<> refuse_credential(std::shared_ptr<RemoteRun> run);
  Awaitable<> reconcile(std::shared_ptr<RemoteRun> run);
  Awaitable<> look_up(std::shared_ptr<RemoteRun> run);
  Awaitable<> count_absence(std::shared_ptr<RemoteRun> run);
  Awaitable<> give_up(std::shared_ptr<RemoteRun> run);

  RemoteDesk& desk_;
};

}  // namespace rushes::engine

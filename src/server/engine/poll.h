// poll: asks the provider how a bound job is doing, until it is over there.
//
// Overdue is not failed: a task ends as expired only past the horizon, after the provider was asked
// once more. A word that nobody knows means that the job goes on.
#pragma once

#include "server/engine/remote_run.h"

namespace rushes::engine {

class Poll {
 public:
  explicit Poll(RemoteDesk& desk) : desk_(desk) {}

  // One step of a task in kRunning: waits for its turn, asks, and acts on the answer.
  Awaitable<> step(std::shared_ptr<RemoteRun> run);

  // Asks once, whatever the state: where the result lies now, and what it cost.
  Awaitable<provider::Outcome> ask(std::shared_ptr<RemoteRun> run);

  // The provider has forgotten the job: another attempt, if one is left.
  Awaitable<> make_anew(std::shared_ptr<RemoteRun> run);

 private:
  Awaitable<> act(std::shared_ptr<RemoteRun> run, provider::Outcome outcome);
  // The job goes on: earlier trouble is over, and what is odd is told, once for each word.
  Awaitable<> go_on(std::shared_ptr<RemoteRun> run, provider::Outcome outcome);
  // A poll that brought nothing: told and kept when it begins, not with each one after it.
  Awaitable<> meet_trouble(std::shared_ptr<RemoteRun> run, std::string_view event);
  Awaitable<> end_badly(std::shared_ptr<RemoteRun> run, provider::Outcome outcome);
  Awaitable<> try_to_cancel(std::shared_ptr<RemoteRun> run);
  void note_overdue(RemoteRun& run);

  RemoteDesk& desk_;
};

}  // namespace rushes::engine

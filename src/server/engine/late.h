// late: what a provider says of an attempt that was given up, for the operator's books.
//
// Its task is over and stays as it is, whatever the provider made of it: no state, no price and no
// event of it changes.
#pragma once

#include "server/engine/poll.h"
#include "server/engine/submission.h"

namespace rushes::engine {

class Late {
 public:
  Late(RemoteDesk& desk, Submission& submission, Poll& poll)
      : desk_(desk), submission_(submission), poll_(poll) {}

  // `run` has its attempt, kUnknown, and is opened; its task is no longer in work. Asks once how
  // the job came out and what it took.
  Awaitable<> book(std::shared_ptr<RemoteRun> run);

 private:
  RemoteDesk& desk_;
  Submission& submission_;
  Poll& poll_;
};

}  // namespace rushes::engine

// fetch: the result of a remote provider becomes ours: downloaded under bounds, looked into, kept.
//
// A link that is dead is asked for anew; success without a video that plays is not success.
#pragma once

#include "server/engine/complete.h"
#include "server/engine/poll.h"

namespace rushes::engine {

class Fetch {
 public:
  Fetch(RemoteDesk& desk, Poll& poll)
      : desk_(desk), poll_(poll), complete_(desk.services, desk.options) {}

  // One step of a task in kFetching.
  Awaitable<> step(std::shared_ptr<RemoteRun> run);

 private:
  // Where the result lies, asked for if it is not known (any more).
  Awaitable<bool> locate(std::shared_ptr<RemoteRun> run);
  Awaitable<> take_in(std::shared_ptr<RemoteRun> run, std::string directory);
  Awaitable<Result<void>> download(std::shared_ptr<RemoteRun> run, std::string url,
                                   std::string path);
  Awaitable<> try_later(std::shared_ptr<RemoteRun> run, Error error);

  RemoteDesk& desk_;
  Poll& poll_;
  Complete complete_;
};

}  // namespace rushes::engine

// rescue: nothing stays claimed by nobody.
#pragma once

#include "server/engine/remote.h"
#include "server/engine/services.h"

namespace rushes::engine {

class Rescue {
 public:
  Rescue(Services services, Options options, Remote& remote)
      : services_(services), options_(std::move(options)), remote_(remote) {}

  // Before the first claim: empties the work directory, takes back at once what this node rendered
  // when it died, and goes on with what it had at remote providers. kUnavailable: to be tried again
  // before anything is claimed.
  Awaitable<Result<void>> take_back_own();
  // Now and then: tasks whose lease ran out, whoever held it.
  Awaitable<> take_expired();

 private:
  Awaitable<Result<void>> requeue(NodeId node, std::string_view event);
  enum class Whose { kOwn, kExpired };
  Awaitable<Result<void>> adopt(Whose whose);

  Services services_;
  Options options_;
  Remote& remote_;
};

}  // namespace rushes::engine

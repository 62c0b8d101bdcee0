// rescue: nothing stays claimed by nobody.
#pragma once

#include "server/engine/services.h"

namespace rushes::engine {

class Rescue {
 public:
  Rescue(Services services, Options options) : services_(services), options_(std::move(options)) {}

  // Before the first claim: empties the work directory and takes back at once what this node held
  // when it died. kUnavailable: to be tried again before anything is claimed.
  Awaitable<Result<void>> take_back_own();
  // Now and then: tasks whose lease ran out, whoever held it.
  Awaitable<> requeue_expired();

 private:
  Awaitable<Result<void>> requeue(NodeId node, std::string_view event);

  Services services_;
  Options options_;
};

}  // namespace rushes::engine

// claim: due tasks are taken under a lease whenever a render may start.
#pragma once

#include "server/engine/execute.h"
#include "server/engine/services.h"

namespace rushes::engine {

class Claim {
 public:
  Claim(Services services, Options options, Execute& execute)
      : services_(services), options_(std::move(options)), execute_(execute) {}

  // Takes as many tasks as there is room for and begins them. Answers how long to wait before the
  // next call, if nothing wakes it earlier: longer and longer while the store fails.
  Awaitable<Millis> claim();

 private:
  Services services_;
  Options options_;
  Execute& execute_;
  int failures_ = 0;
};

}  // namespace rushes::engine

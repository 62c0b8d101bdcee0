// claim: due tasks are taken under a lease whenever a render may start.
#pragma once

#include "server/engine/execute.h"
#include "server/engine/remote.h"
#include "server/engine/services.h"

namespace rushes::engine {

class Claim {
 public:
  Claim(Services services, Options options, Execute& execute, Remote& remote)
      : services_(services), options_(std::move(options)), execute_(execute), remote_(remote) {}

  // Takes as many tasks as there is room for, provider by provider, and begins them. Answers how
  // long to wait before the next call, if nothing wakes it earlier: longer and longer while the
  // store fails.
  Awaitable<Millis> claim();
  // Whether some provider could begin another task now.
  bool has_room();

 private:
  int room(const ConfiguredProvider& provider);
  Awaitable<bool> reroute_orphans();
  // Of one provider's queue; false: the store refused.
  Awaitable<bool> claim_from(std::string provider, TaskState to, int limit);

  Services services_;
  Options options_;
  Execute& execute_;
  Remote& remote_;
  int failures_ = 0;
  bool more_ = false;  // a batch was full: there may be more behind it
  Timestamp orphans_sought_at_{};
};

}  // namespace rushes::engine

// Who is served next: pure, shared by every store's claims. A queue is an account's tasks or a
// host's deliveries.
#pragma once

#include <cstdint>
#include <vector>

#include "core/task/task.h"

namespace rushes::store {

struct Due {
  Timestamp at{};
  uint64_t key = 0;  // the task's id, the delivery's sequence
  auto operator<=>(const Due&) const = default;
};

// The longest due first; a claim for n needs at most n of each queue.
struct FairQueue {
  int in_work = 0;
  std::vector<Due> due;
};

// The keys of at most `limit`: each goes to the queue with the fewest in work (those just chosen
// counted), then to the one whose next has been due the longest. So an account with a thousand
// queued tasks delays another's only one by one round.
std::vector<uint64_t> choose_fairly(std::vector<FairQueue> queues, int limit);

}  // namespace rushes::store

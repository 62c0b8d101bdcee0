#include "edge/store/fairness.h"

#include <queue>
#include <tuple>

namespace rushes::store {
namespace {

struct Place {
  int in_work;
  Due next;
  size_t queue;  // index into the queues
  size_t position;
  bool operator>(const Place& other) const {
    return std::tie(in_work, next) > std::tie(other.in_work, other.next);
  }
};

}  // namespace

std::vector<uint64_t> choose_fairly(std::vector<FairQueue> queues, int limit) {
  std::priority_queue<Place, std::vector<Place>, std::greater<>> places;
  for (size_t i = 0; i < queues.size(); ++i) {
    if (!queues[i].due.empty()) places.push({queues[i].in_work, queues[i].due.front(), i, 0});
  }
  std::vector<uint64_t> chosen;
  while (!places.empty() && static_cast<int>(chosen.size()) < limit) {
    Place place = places.top();
    places.pop();
    chosen.push_back(place.next.key);
    const std::vector<Due>& due = queues[place.queue].due;
    if (++place.position < due.size()) {
      ++place.in_work;
      place.next = due[place.position];
      places.push(place);
    }
  }
  return chosen;
}

}  // namespace rushes::store

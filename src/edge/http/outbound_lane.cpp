#include "edge/http/outbound_lane.h"

#include <algorithm>

#include "base/check.h"

namespace rushes::http {

void Lane::enter(Slot& slot, const std::string& name) {
  RUSHES_CHECK(!slot.origin);
  Origin& origin = origins_[name];
  if (origin.name.empty()) origin.name = name;
  slot.origin = &origin;
  slot.is_active = false;
  slot.position = origin.waiting.insert(origin.waiting.end(), &slot);
  queue_if_startable(origin);
}

void Lane::leave(Slot& slot) {
  RUSHES_CHECK(slot.origin);
  Origin& origin = *slot.origin;
  slot.origin = nullptr;
  if (slot.is_active) {
    --origin.active;
    --active_;
  } else {
    origin.waiting.erase(slot.position);
  }
  queue_if_startable(origin);
  drop_if_idle(origin);
}

void Lane::prove(Slot& slot) {
  slot.origin->is_proven = true;
  queue_if_startable(*slot.origin);
}

Lane::Slot* Lane::next() {
  while (active_ < active_max_ && !turns_.empty()) {
    Origin& origin = *turns_.front();
    turns_.pop_front();
    origin.has_turn = false;
    if (!can_start(origin)) {
      drop_if_idle(origin);
      continue;
    }
    Slot& slot = *origin.waiting.front();
    origin.waiting.pop_front();
    slot.is_active = true;
    ++origin.active;
    ++active_;
    queue_if_startable(origin);
    return &slot;
  }
  return nullptr;
}

bool Lane::can_start(const Origin& origin) const {
  const int limit = origin.is_proven ? per_origin_max_ : std::min(per_origin_max_, kUnprovenMax);
  return !origin.waiting.empty() && origin.active < limit;
}

void Lane::queue_if_startable(Origin& origin) {
  if (origin.has_turn || !can_start(origin)) return;
  origin.has_turn = true;
  turns_.push_back(&origin);
}

void Lane::drop_if_idle(Origin& origin) {
  if (origin.active > 0 || origin.has_turn || !origin.waiting.empty()) return;
  origins_.erase(origins_.find(origin.name));
}

}  // namespace rushes::http

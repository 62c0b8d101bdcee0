// Who may go now: a bounded number at once in all and to one origin, first come first served
// within an origin, origins in turn. An origin that has not let anybody connect yet gets few at
// once: a name that does not resolve costs a thread of libcurl for every try.
// Belongs to one thread; every call takes constant time.
#pragma once

#include <deque>
#include <list>
#include <string>
#include <unordered_map>

namespace rushes::http {

class Lane {
 public:
  struct Origin;  // internal
  // One place in the lane; whatever waits derives from it. It leaves before it is destroyed.
  struct Slot {
    Origin* origin = nullptr;  // null: in no lane
    bool is_active = false;
    std::list<Slot*>::iterator position;  // while it waits
  };

  struct Origin {
    std::string name;
    std::list<Slot*> waiting;
    int active = 0;
    bool is_proven = false;
    bool has_turn = false;
  };

  static constexpr int kUnprovenMax = 8;

  Lane(int active_max, int per_origin_max)
      : active_max_(active_max), per_origin_max_(per_origin_max) {}
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Begins to wait.
  void enter(Slot& slot, const std::string& origin);
  // Whether it waits or is active.
  void leave(Slot& slot);
  // The origin of an active slot has let it connect.
  void prove(Slot& slot);
  // The next that may go, active from now on; null if nobody may.
  Slot* next();

 private:
  bool can_start(const Origin& origin) const;
  void queue_if_startable(Origin& origin);
  void drop_if_idle(Origin& origin);

  const int active_max_, per_origin_max_;
  int active_ = 0;
  std::unordered_map<std::string, Origin> origins_;
  std::deque<Origin*> turns_;  // an origin at most once, see Origin::has_turn
};

}  // namespace rushes::http

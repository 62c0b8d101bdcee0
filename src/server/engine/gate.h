// gate: what one credential lets through: how many of our jobs are open under it, how many requests
// a second leave, and whether it works at all.
//
// Belongs to the engine's thread; pure but for the time that it is told.
#pragma once

#include "base/time.h"

namespace rushes::engine {

class Gate {
 public:
  struct Limits {
    int concurrency = 5;
    double requests_per_second = 0;  // 0: no limit
  };
  explicit Gate(Limits limits) : limits_(limits) {}

  // How many more jobs may be begun now; 0 while it is closed, 1 to try whether it works again.
  int room(Timestamp now) const;
  // Until when nothing new is begun, for the operator; in the past if it is open.
  Timestamp closed_until() const;

  // A job is open at the provider, or not any more.
  void enter() { ++open_; }
  void leave() { --open_; }

  // Takes the next turn of the rate limit and answers how long to wait for it. A kNow turn goes at
  // once; those who wait pay for it.
  enum class Turn { kInOrder, kNow };
  Millis take_turn(Timestamp now, Turn turn);

  // An answer came, whatever it said. True: failures had closed the gate, and it is open again.
  bool worked();
  // No answer, or a failure of the server behind it: the fifth in a row closes the gate for half a
  // minute, then twice as long each time, up to five minutes. True: this was the fifth.
  bool failed(Timestamp now);
  // The credential was refused: the operator has to act. Tried again five minutes after the last
  // refusal: by one job, or by as many as have room if other requests under it were answered
  // meanwhile. True: it was not parked at that time.
  bool park(Timestamp now);
  // The provider is busy: nothing new for a while.
  void slow_down(Timestamp now, Millis pause);

 private:
  bool is_out_of_reach() const;

  Limits limits_;
  int open_ = 0;
  int failures_ = 0;  // in a row
  bool parked_ = false;
  // Closed for three reasons, each with an end of its own.
  Timestamp out_of_reach_until_{}, parked_until_{}, busy_until_{};
  std::chrono::sys_time<std::chrono::microseconds> next_turn_{};
};

}  // namespace rushes::engine

// TestCards: the videos of the offline twin: ffmpeg's test picture in the wanted size, length and
// frame rate, made by a child process and kept in memory, bounded, by what was wanted.
//
// Everything runs on the thread of the executor; one card is made at a time.
#pragma once

#include <list>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"
#include "core/provider/fake/upstream.h"
#include "edge/platform/process.h"
#include "edge/platform/timer.h"

namespace rushes::app {

class TestCards {
 public:
  // Cards are made in `directory`, which is made when the first one is.
  TestCards(Executor executor, Timers& timers, std::string directory)
      : executor_(executor), timers_(timers), directory_(std::move(directory)) {}

  // shared_ptr: replies still read a card that has left the cache.
  using Card = std::shared_ptr<const std::string>;
  // The bytes of an MP4 file. kUnavailable if ffmpeg is absent or fails, or once stop() was called.
  Awaitable<Result<Card>> get(provider::fake::VideoWanted wanted);

  // Ends the card in the making; everybody who waits gets an answer.
  void stop();

 private:
  using Wanted = provider::fake::VideoWanted;

  Card find(const Wanted& wanted);
  void keep(const Wanted& wanted, Card card);
  Awaitable<Result<Card>> make(Wanted wanted);
  Awaitable<Result<Card>> encode(Wanted wanted, std::string path);

  const Executor executor_;
  Timers& timers_;
  const std::string directory_;
  std::list<std::pair<Wanted, Card>> cards_;  // the last used one first
  std::unique_ptr<process::Child> child_;
  std::set<Timer*> waiting_;  // for their turn
  bool busy_ = false, stopping_ = false;
};

}  // namespace rushes::app

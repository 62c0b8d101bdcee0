// RemoteRun: one task of a remote provider while this node works on it, and RemoteDesk: what the
// duties submission, poll and fetch do to it alike.
//
// Everything here runs on the engine's one thread; a RemoteRun lives as long as its coroutine.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/task/attempt.h"
#include "edge/http/outbound.h"
#include "server/engine/gate.h"
#include "server/engine/pins.h"
#include "server/engine/settle.h"

namespace rushes::engine {

struct RemoteRun {
  Task task;        // its state follows every change that was written
  Attempt attempt;  // number 0: not written yet
  std::unique_ptr<Timer> timer;

  // Where the attempt is made; set with the attempt.
  std::shared_ptr<const Pin> pin;
  const provider::Adapter* adapter = nullptr;
  provider::Capabilities capabilities;
  Gate* gate = nullptr;
  bool counted = false;  // by the gate, as a job that is open
  void enter(Gate& through) {
    gate = &through;
    gate->enter();
    counted = true;
  }
  void leave() {
    if (std::exchange(counted, false)) gate->leave();
  }

  enum class Stop { kNone, kServerStops, kLeaseLost };
  Stop stop = Stop::kNone;
  bool cancel_requested = false;
  bool too_late_noted = false;  // the cancel could not be served
  bool hinted = false;          // somebody says that there is news: ask at once
  bool over = false;            // nothing is left to do here
  bool placed = false;          // it has its gate, or needs none

  int faults = 0;     // calls in a row that brought nothing
  int refusals = 0;   // creates in a row that were told to come later
  int bad_files = 0;  // results that were there, and of no use
  bool signed_again = false;
  bool known_upstream = false;  // the provider says that it knows our handle
  bool asked_since_start = false;
  bool overdue_noted = false;
  std::string_view trouble;        // the event by which the operator knows of it; a literal
  std::set<std::string> oddities;  // of Outcome::odd, as told to the operator
  int percent = 0, recorded_percent = 0;
  std::optional<provider::Media> media;  // where the result is, as last told
};

// The gates of all credentials, also of those that only old attempts use.
class Gates {
 public:
  explicit Gates(const Providers& providers) : providers_(providers) {}
  Gate& of(const std::string& provider, const std::string& credential);
  // How many more jobs the provider can be given now.
  int room(const ConfiguredProvider& provider, Timestamp now);
  // The first credential with room; null if there is none.
  const ConfiguredCredential* choose(const ConfiguredProvider& provider, Timestamp now);

 private:
  const Providers& providers_;
  std::map<std::pair<std::string, std::string>, Gate> gates_;
};

class RemoteDesk {
 public:
  RemoteDesk(Services given_services, Options given_options)
      : services(given_services),
        options(std::move(given_options)),
        settle(services, options),
        pins(services),
        gates(services.providers) {}

  Services services;
  Options options;
  Settle settle;
  Pins pins;
  Gates gates;

  // Tasks of a provider that were claimed and have no gate yet: they take up room as well.
  int unplaced(const std::string& provider) const;
  void await_place(const RemoteRun& run) { ++unplaced_[run.task.provider]; }
  void place(RemoteRun& run);

  // Writes the change; false: it was refused, and the run is over for this node.
  Awaitable<bool> move(std::shared_ptr<RemoteRun> run, store::Change change);
  // Writes the attempt as it is now.
  Awaitable<bool> record(std::shared_ptr<RemoteRun> run);
  // The same for the operator's eyes only: a store that refuses costs the remark, not the run.
  Awaitable<> remark(std::shared_ptr<RemoteRun> run);
  // Ends the task as failed, with its attempt.
  Awaitable<> fail(std::shared_ptr<RemoteRun> run, AttemptState attempt, std::string code,
                   std::string message);
  // Nothing of it is at a provider: another provider's turn if there is one that can, else later.
  // kSameFirst: this one's, if it has room under another credential.
  enum class Counts { kNo, kAsFailure };
  enum class Next { kAnother, kSameFirst };
  Awaitable<> requeue(std::shared_ptr<RemoteRun> run, AttemptState attempt, std::string event,
                      Counts counts, Next next = Next::kAnother);

  // Sends one request of the run, in its turn. Never throws away a reply that came.
  Awaitable<http::OutboundReply> send(std::shared_ptr<RemoteRun> run, provider::Call call);

  provider::Context context_of(const RemoteRun& run) const;
  // Waits, at most until `run` is stopped, cancelled or hinted at.
  Awaitable<> pause(std::shared_ptr<RemoteRun> run, Millis duration);
  // After so many calls in a row that brought nothing.
  Millis back_off(const RemoteRun& run) const;

  bool is_past_horizon(const RemoteRun& run) const;
  const ConfiguredProvider* configured(const RemoteRun& run) const;
  Millis poll_interval(const RemoteRun& run) const;

  // The credential was refused: nothing new under it for a while, and the operator is told.
  void refuse_credential(const RemoteRun& run, std::string_view reason);

  // Keeps what a reply says about the upstream, for the operator.
  static void note(RemoteRun& run, const provider::Outcome& outcome);
  static void note_reason(RemoteRun& run, std::string_view reason);
  void log(log::Level level, std::string_view event, const RemoteRun& run,
           std::string_view reason) const;

 private:
  Awaitable<std::string> next_provider(const RemoteRun& run, Next next);
  // Tells the gate how a request came out, and the operator if that changes anything.
  void judge(const RemoteRun& run, const http::OutboundReply& reply);
  void log_gate(log::Level level, std::string_view event, const RemoteRun& run,
                std::string_view reason) const;

  std::map<std::string, int> unplaced_;
};

}  // namespace rushes::engine

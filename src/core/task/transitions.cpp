#include "core/task/transitions.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <utility>

namespace rushes {
namespace {

using State = TaskState;
using Event = TaskEventKind;

constexpr std::array kTransitions = std::to_array<Transition>({
    {State::kQueued, Event::kClaimLocal, State::kRendering, "claim"},
    {State::kQueued, Event::kClaimRemote, State::kSubmitting, "claim"},
    {State::kQueued, Event::kCancel, State::kFailed, "submit"},
    {State::kQueued, Event::kFail, State::kFailed, "claim"},
    {State::kSubmitting, Event::kBind, State::kRunning, "execute"},
    {State::kSubmitting, Event::kProveAbsent, State::kQueued, "execute"},
    {State::kSubmitting, Event::kRetry, State::kQueued, "execute"},
    {State::kSubmitting, Event::kFail, State::kFailed, "execute"},
    {State::kSubmitting, Event::kCancel, State::kFailed, "execute"},
    {State::kRunning, Event::kResultKnown, State::kFetching, "poll"},
    {State::kRunning, Event::kRetry, State::kQueued, "poll"},
    {State::kRunning, Event::kFail, State::kFailed, "poll"},
    {State::kRunning, Event::kCancel, State::kFailed, "poll"},
    {State::kRendering, Event::kComplete, State::kSucceeded, "complete"},
    {State::kRendering, Event::kRetry, State::kQueued, "execute"},
    {State::kRendering, Event::kAbandon, State::kQueued, "rescue"},
    {State::kRendering, Event::kFail, State::kFailed, "execute"},
    {State::kRendering, Event::kCancel, State::kFailed, "execute"},
    {State::kFetching, Event::kComplete, State::kSucceeded, "complete"},
    {State::kFetching, Event::kRetry, State::kQueued, "fetch"},
    {State::kFetching, Event::kFail, State::kFailed, "fetch"},
    {State::kFetching, Event::kCancel, State::kFailed, "fetch"},
});

constexpr std::array<std::pair<Event, std::string_view>, 10> kEvents{
    {{Event::kClaimLocal, "claim_local"},
     {Event::kClaimRemote, "claim_remote"},
     {Event::kBind, "bind"},
     {Event::kProveAbsent, "prove_absent"},
     {Event::kResultKnown, "result_known"},
     {Event::kComplete, "complete"},
     {Event::kRetry, "retry"},
     {Event::kAbandon, "abandon"},
     {Event::kFail, "fail"},
     {Event::kCancel, "cancel"}}};

struct StateFacts {
  State state;
  std::string_view meaning;
  std::string_view after_crash;
};

constexpr std::array<StateFacts, 7> kStates{{
    {State::kQueued, "durable, nobody works on it", "claimed again"},
    {State::kSubmitting, "an attempt is written, the provider may have been asked",
     "reconciled first: the provider is asked for our id, and only proven absence sends again"},
    {State::kRunning, "bound to the provider's id", "polled again at the same provider"},
    {State::kRendering, "a local child process makes it",
     "the orphaned child is ended and the task rendered again from its first frame, same seed"},
    {State::kFetching, "the result is known, its bytes are not ours yet", "fetched again"},
    {State::kSucceeded, "every artifact is stored", "nothing: terminal states never change"},
    {State::kFailed, "failed or cancelled", "nothing: terminal states never change"},
}};

}  // namespace

std::string_view to_string(TaskEventKind event) {
  for (const auto& [candidate, word] : kEvents) {
    if (candidate == event) return word;
  }
  return {};
}

std::span<const Transition> transitions() { return kTransitions; }

std::optional<TaskState> next_state(TaskState from, TaskEventKind event) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == from && transition.event == event) return transition.to;
  }
  return std::nullopt;
}

bool is_allowed(TaskState from, TaskState to) {
  for (const Transition& transition : kTransitions) {
    if (transition.from == from && transition.to == to) return true;
  }
  return false;
}

bool is_in_work(TaskState state) { return state != State::kQueued && !is_terminal(state); }

std::string transitions_markdown() {
  std::string text =
      "# States of a task\n\n"
      "Printed from `src/core/task/transitions.cpp`; `core_task_test --update-goldens` writes it "
      "anew.\n\n"
      "| state | what it means | the client reads | after `kill -9` here |\n|---|---|---|---|\n";
  const auto out = std::back_inserter(text);
  for (const StateFacts& facts : kStates) {
    fmt::format_to(out, "| `{}` | {} | `{}` | {} |\n", to_string(facts.state), facts.meaning,
                   to_string(public_state(facts.state)), facts.after_crash);
  }
  text +=
      "\nA client that has read `processing` goes on reading it until the end, also while the task "
      "is `queued` or\n`submitting` again. A task in `submitting`, `running` or `fetching` whose "
      "node is gone is adopted as it is by\nanother one; it is never queued again for that.\n\n"
      "| from | event | to | moved by |\n|---|---|---|---|\n";
  for (const Transition& transition : kTransitions) {
    fmt::format_to(out, "| `{}` | {} | `{}` | {} |\n", to_string(transition.from),
                   to_string(transition.event), to_string(transition.to), transition.duty);
  }
  return text;
}

}  // namespace rushes

// The life of a task as one table: which event moves a task from where to where, who does it, and
// what a crash in each state comes to. Pure; stores refuse every change that is not in it, and
// docs/states.md is printed from it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/task/task.h"

namespace rushes {

enum class TaskEventKind {
  kClaimLocal,   // a node takes the lease; a child process will make the video
  kClaimRemote,  // a node takes the lease; a provider will be asked
  kBind,         // the provider accepted: its id is known
  kProveAbsent,  // the provider never got the request
  kResultKnown,  // the provider says that it is done
  kComplete,     // every artifact is ours
  kRetry,        // the try failed, or was refused for now, and another one is allowed
  kAbandon,      // the lease was lost or handed back
  kFail,         // the last try failed, or no try can succeed: a record that cannot be read
  kCancel,       // the client asked for it
};
std::string_view to_string(TaskEventKind event);

struct Transition {
  TaskState from;
  TaskEventKind event;
  TaskState to;
  std::string_view duty;  // the part of the engine that makes it
};

std::span<const Transition> transitions();

// Where `event` takes a task in `from`; nothing if it may not happen there.
std::optional<TaskState> next_state(TaskState from, TaskEventKind event);

// True if some event takes `from` to `to`. Terminal states have no way out.
bool is_allowed(TaskState from, TaskState to);

// True for the states in which a node holds a lease.
bool is_in_work(TaskState state);

// The whole of docs/states.md.
std::string transitions_markdown();

}  // namespace rushes

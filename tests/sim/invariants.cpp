#include "invariants.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "edge/platform/blocking.h"

namespace rushes::sim {
namespace {

template <class T>
T ask(Awaitable<Result<T>> operation) {
  Result<T> answer = run_to_end(std::move(operation));
  RUSHES_CHECK(answer.has_value());
  return *std::move(answer);
}

class Inspector {
 public:
  explicit Inspector(const Evidence& evidence) : evidence_(evidence) {}

  std::vector<std::string> inspect() {
    for (auto& [id, known] : evidence_.known.acknowledged) inspect_task(id, known);
    inspect_receivers();
    inspect_requests();
    broken_.insert(broken_.end(), evidence_.network.rash.begin(), evidence_.network.rash.end());
    return std::move(broken_);
  }

 private:
  template <class... Arguments>
  void broken(TaskId id, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    broken_.push_back(fmt::format("task {}: {}", id.to_string(),
                                  fmt::format(format, std::forward<Arguments>(arguments)...)));
  }

  void inspect_task(TaskId id, Known::Task& known) {
    const auto task = ask(evidence_.store.find_task(known.account, id));
    if (!task) return broken(id, "a client has its id, and it is not there");
    inspect_state(*task, known);
    const auto attempts = ask(evidence_.store.list_attempts(id));
    inspect_attempts(*task, attempts);
    inspect_ledger(*task);
    inspect_deliveries(*task, known, attempts);
    inspect_reply(*task, attempts);
  }

  void inspect_state(const Task& task, Known::Task& known) {
    const PublicState now = public_state(task);
    if (known.over && now != known.last) {
      broken(task.id, "was over as {} and is {}", to_string(known.last), to_string(now));
    }
    if (now < known.last && now == PublicState::kSubmitted) {
      broken(task.id, "was {} and is submitted again", to_string(known.last));
    }
    known.last = now;
    known.over = is_terminal(task.state);
    if (task.state == TaskState::kSucceeded && task.artifacts.empty()) {
      broken(task.id, "succeeded without a video");
    }
  }

  void inspect_attempts(const Task& task, const std::vector<Attempt>& attempts) {
    for (const Attempt& attempt : attempts) {
      const int64_t accepted = evidence_.upstream.accepted(attempt.handle);
      if (accepted > 1) broken(task.id, "attempt {} was paid {} times", attempt.number, accepted);
      if (attempt.state == AttemptState::kAbsent && accepted > 0) {
        broken(task.id, "attempt {} is called absent, and the upstream has it", attempt.number);
      }
      const auto job = evidence_.network.ids.find(attempt.handle);
      if (job != evidence_.network.ids.end() && !attempt.upstream_id.empty() &&
          attempt.upstream_id != job->second) {
        broken(task.id, "attempt {} is bound to {}, which is somebody else's", attempt.number,
               attempt.upstream_id);
      }
      const bool open = attempt.state == AttemptState::kPrepared ||
                        attempt.state == AttemptState::kBound ||
                        attempt.state == AttemptState::kUnknown;
      if (open && attempt.number != task.attempt && attempt.number < attempts.back().number) {
        broken(task.id, "attempt {} was left open, and {} begun", attempt.number,
               attempts.back().number);
      }
    }
  }

  void inspect_ledger(const Task& task) {
    int lines = 0;
    for (const store::LedgerLine& line : ledger(task.account)) {
      if (line.task != task.id) continue;
      ++lines;
      const UnitTenths due = task.state == TaskState::kSucceeded ? task.price_estimate : 0;
      if (line.units != due) broken(task.id, "{} tenths charged, {} are due", line.units, due);
    }
    if (lines != (is_terminal(task.state) ? 1 : 0)) broken(task.id, "{} ledger lines", lines);
  }

  const std::vector<store::LedgerLine>& ledger(const AccountId& account) {
    auto found = ledgers_.find(account);
    if (found == ledgers_.end()) {
      found = ledgers_.emplace(account, ask(evidence_.store.list_ledger(account, 100'000))).first;
    }
    return found->second;
  }

  void inspect_deliveries(const Task& task, const Known::Task& known,
                          const std::vector<Attempt>& attempts) {
    const auto deliveries = ask(evidence_.store.list_deliveries(task.account, task.id, 500));
    if (!known.has_callback) {
      if (!deliveries.empty()) broken(task.id, "owes callbacks that nobody asked for");
      return;
    }
    const auto terminal = std::ranges::count_if(deliveries, &store::Delivery::terminal);
    if (terminal != (is_terminal(task.state) ? 1 : 0)) {
      broken(task.id, "{} callbacks of its end, in state {}", terminal, to_string(task.state));
    }
    std::map<std::string, int> by_event;
    for (const store::Delivery& delivery : deliveries) {
      if (++by_event[delivery.event] > 1) broken(task.id, "tells {} twice", delivery.event);
      find_leaks(task, attempts, delivery.body, "a callback");
    }
  }

  void inspect_reply(const Task& task, const std::vector<Attempt>& attempts) {
    const std::vector<std::string> urls(task.artifacts.size(),
                                        "https://ours.sim/files/1/video.mp4");
    const dialect::TaskView view{&task, urls};
    const wire::Request request;
    const dialect::ReplyContext context{"ours", request, task.updated_at};
    const wire::Response reply = evidence_.dialect.encode_task(context, view);
    find_leaks(task, attempts, reply.body, "a reply");
    for (const auto& [name, value] : reply.headers) find_leaks(task, attempts, value, "a header");
  }

  void find_leaks(const Task& task, const std::vector<Attempt>& attempts, std::string_view text,
                  std::string_view where) {
    if (text.find(kUpstreamHost) != text.npos) broken(task.id, "{} names the upstream", where);
    for (const Attempt& attempt : attempts) {
      for (const std::string& secret : {attempt.upstream_id, attempt.upstream_request_id}) {
        if (!secret.empty() && text.find(secret) != text.npos) {
          broken(task.id, "{} tells the upstream's id {}", where, secret);
        }
      }
    }
  }

  void inspect_receivers() {
    for (const auto& [id, event] : evidence_.network.received) {
      if (event.bodies.size() > 1) broken_.push_back("event " + id + " came with two bodies");
    }
  }

  void inspect_requests() {
    for (const std::string& body : evidence_.network.sent_upstream) {
      for (const std::string_view secret : {"receiver", "client-id"}) {
        if (body.find(secret) != body.npos) {
          broken_.push_back(fmt::format("the upstream was told the client's '{}'", secret));
        }
      }
    }
  }

  const Evidence& evidence_;
  std::map<AccountId, std::vector<store::LedgerLine>> ledgers_;
  std::vector<std::string> broken_;
};

}  // namespace

std::vector<std::string> broken_promises(const Evidence& evidence) {
  return Inspector(evidence).inspect();
}

std::vector<std::string> unfinished_business(const Evidence& evidence) {
  std::vector<std::string> unfinished;
  for (const auto& [id, known] : evidence.known.acknowledged) {
    if (known.over) continue;
    const auto task = ask(evidence.store.find_task(known.account, id));
    unfinished.push_back(fmt::format("task {} is still {} after all that time", id.to_string(),
                                     task ? to_string(task->state) : "missing"));
  }
  return unfinished;
}

}  // namespace rushes::sim

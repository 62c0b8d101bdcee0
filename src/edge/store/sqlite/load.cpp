#include <utility>

#include "edge/store/sqlite/operations.h"

namespace rushes::store::sqlite {

Result<void> Load::count(Connection& connection) {
  Statement select = connection.prepare(sql::select_load);
  const std::lock_guard lock(mutex_);
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) return {};
    const auto state = parse_task_state(select.text_view(1));
    if (!state) return fail(ErrorCode::kCorrupt, "stored task: unknown state");
    by_account_[select.text(0)] += select.integer(2);
    by_state_[*state] += select.integer(2);
  }
}

void Load::add(const AccountId& account) {
  take({account.value, std::nullopt, TaskState::kQueued});
}

void Load::move(const AccountId& account, TaskState from, TaskState to) {
  take({account.value, from, to});
}

void Load::remove(const AccountId& account, TaskState from) {
  take({account.value, from, std::nullopt});
}

void Load::end_group(bool committed) {
  const std::lock_guard lock(mutex_);
  for (Step& step : uncommitted_) {
    std::swap(step.from, step.to);
    if (!committed) count(step);
  }
  uncommitted_.clear();
}

int64_t Load::of(const AccountId& account) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_account_.find(account.value);
  return found == by_account_.end() ? 0 : found->second;
}

int64_t Load::total() const {
  const std::lock_guard lock(mutex_);
  int64_t sum = 0;
  for (const auto& [state, count] : by_state_) sum += count;
  return sum;
}

std::vector<Store::StateCount> Load::by_state() const {
  const std::lock_guard lock(mutex_);
  std::vector<Store::StateCount> list;
  for (const auto& [state, count] : by_state_) {
    if (count > 0) list.push_back({state, count});
  }
  return list;
}

void Load::take(Step step) {
  const std::lock_guard lock(mutex_);
  count(step);
  uncommitted_.push_back(std::move(step));
}

void Load::count(const Step& step) {
  if (step.from) --by_state_[*step.from];
  if (step.to) ++by_state_[*step.to];
  if (step.from && step.to) return;
  const auto entry = by_account_.try_emplace(step.account).first;
  entry->second += step.to ? 1 : -1;
  if (entry->second == 0) by_account_.erase(entry);
}

}  // namespace rushes::store::sqlite

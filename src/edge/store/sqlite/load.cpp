#include "base/check.h"
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
  const std::lock_guard lock(mutex_);
  ++by_account_[account.value];
  ++by_state_[TaskState::kQueued];
}

void Load::move(TaskState from, TaskState to) {
  const std::lock_guard lock(mutex_);
  --by_state_[from];
  ++by_state_[to];
}

void Load::remove(const AccountId& account, TaskState from) {
  const std::lock_guard lock(mutex_);
  --by_state_[from];
  const auto found = by_account_.find(account.value);
  RUSHES_CHECK(found != by_account_.end() && found->second > 0);
  if (--found->second == 0) by_account_.erase(found);
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

}  // namespace rushes::store::sqlite

#include "edge/store/sqlite/load.h"

#include <utility>

#include "core/task/transitions.h"
#include "edge/store/sqlite/rows.h"

namespace rushes::store::sqlite {

Result<void> Load::count(Connection& connection) {
  {
    Statement select = connection.prepare(sql::select_load);
    for (;;) {
      TRY(const bool row, select.step());
      if (!row) break;
      const auto state = parse_task_state(select.text_view(2));
      if (!state) return fail(ErrorCode::kCorrupt, "stored task: unknown state");
      take({.account = select.text(0),
            .from = std::nullopt,
            .to = Place{*state, select.text(1)},
            .reserved = select.integer(4),
            .count = select.integer(3)});
    }
  }
  Statement select = connection.prepare(sql::select_spending);
  for (;;) {
    TRY(const bool row, select.step());
    if (!row) break;
    take({.account = select.text(0), .from = {}, .to = {}, .spent = select.integer(1), .count = 0});
  }
  end_group(true);
  return {};
}

void Load::add(const Task& task) {
  take({.account = task.account.value,
        .from = std::nullopt,
        .to = Place{TaskState::kQueued, task.provider},
        .reserved = task.price_estimate});
}

void Load::move(const AccountId& account, Place from, Place to) {
  take({.account = account.value, .from = std::move(from), .to = std::move(to)});
}

void Load::end(const AccountId& account, Place from, UnitTenths reserved, UnitTenths spent) {
  take({.account = account.value,
        .from = std::move(from),
        .to = std::nullopt,
        .reserved = -reserved,
        .spent = spent});
}

void Load::undo_to(size_t mark) {
  for (; open_.size() > mark; open_.pop_back()) working_.apply(open_.back(), -1);
}

void Load::end_group(bool committed) {
  forget_limits();
  if (!committed) return undo_to(0);
  const std::lock_guard lock(mutex_);
  for (const Step& step : open_) committed_.apply(step, 1);
  open_.clear();
}

const Load::Share& Load::of(const AccountId& account) const {
  static const Share kNone;
  const auto found = working_.shares.find(account.value);
  return found == working_.shares.end() ? kNone : found->second;
}

Result<AccountLimits> Load::limits_of(Connection& connection, const AccountId& account) {
  const auto found = limits_.find(account.value);
  if (found != limits_.end()) return found->second;
  AccountLimits limits;
  if (const auto number = account_number(account)) {
    Statement select = connection.prepare(sql::select_account_limits);
    TRY(const bool row, select.bind(*number).step());
    if (row && !select.is_null(0)) limits.budget = select.integer(0);
    if (row && !select.is_null(1)) limits.concurrency = static_cast<int>(select.integer(1));
    limits.strict_concurrency = row && select.integer(2) != 0;
  }
  limits_.emplace(account.value, limits);
  return limits;
}

Load::Share Load::committed(const AccountId& account) const {
  const std::lock_guard lock(mutex_);
  const auto found = committed_.shares.find(account.value);
  return found == committed_.shares.end() ? Share{} : found->second;
}

int64_t Load::committed_total() const {
  const std::lock_guard lock(mutex_);
  return committed_.unfinished;
}

std::vector<Store::StateCount> Load::by_state() const {
  const std::lock_guard lock(mutex_);
  std::vector<Store::StateCount> list;
  for (const auto& [state, count] : committed_.by_state) {
    if (count > 0) list.push_back({state, count});
  }
  return list;
}

void Load::take(Step step) {
  working_.apply(step, 1);
  open_.push_back(std::move(step));
}

void Load::Sums::apply(const Step& step, int64_t sign) {
  const auto entry = shares.try_emplace(step.account).first;
  Share& share = entry->second;
  share.reserved += sign * step.reserved;
  share.spent += sign * step.spent;
  for (const auto& [place, change] :
       {std::pair(&step.from, -sign * step.count), std::pair(&step.to, sign * step.count)}) {
    if (!*place) continue;
    by_state[(*place)->state] += change;
    unfinished += change;
    share.unfinished += change;
    if (!is_in_work((*place)->state)) continue;
    share.in_work += change;
    const auto at = share.in_work_at.try_emplace((*place)->provider).first;
    at->second += change;
    if (at->second == 0) share.in_work_at.erase(at);
  }
  if (share.unfinished == 0 && share.spent == 0) shares.erase(entry);
}

}  // namespace rushes::store::sqlite

#include "server/engine/submit.h"

namespace rushes::engine {
namespace {

// Taken off the report: the provider is told, and may know what it means.
void report_as_passed_on(Spec& spec) {
  for (const auto& [name, value] : spec.extra.members) std::erase(spec.ignored_fields, name);
}

}  // namespace

Awaitable<Result<store::Created>> Submit::submit(std::unique_ptr<store::NewTask> wanted) {
  Task& task = wanted->task;
  std::vector<std::string> order;  // the account's own, if it has one
  if (services_.providers.list.size() > 1) {
    const auto account = co_await services_.store.find_account(task.account);
    if (!account) co_return std::unexpected(account.error());
    if (*account) order = (*account)->settings.providers;
  }
  CO_TRY_VOID(route(task, order));
  const Timestamp now = services_.clock.now();
  task.id = TaskId::make(now, static_cast<uint32_t>(services_.entropy.next_u64()));
  task.state = TaskState::kQueued;
  task.created_at = now;
  task.updated_at = now;
  co_return co_await services_.store.create_task(std::move(wanted));
}

// The first provider of the model's route that can make it; what it would leave out is reported.
Result<void> Submit::route(Task& task, const std::vector<std::string>& order) const {
  TRY(auto targets, services_.providers.routes.choose(services_.catalog, task.spec, order,
                                                      services_.entropy.next_u64(),
                                                      [](const std::string&) { return true; }));
  provider::Target& first = targets.front();
  task.provider = std::move(first.provider);
  if (first.takes_extra) report_as_passed_on(task.spec);
  for (std::string& field : first.dropped) task.spec.ignored_fields.push_back(std::move(field));
  return {};
}

}  // namespace rushes::engine

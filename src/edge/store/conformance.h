// What every store must do, as tests over a factory: the store_*_test.cpp hold the tests;
// store_test.cpp also lists the stores.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "edge/store/store.h"

namespace rushes::store {

// Runs one operation to its end on an io_context of its own.
template <class T>
T run(Awaitable<T> operation) {
  boost::asio::io_context io;
  std::optional<T> result;
  boost::asio::co_spawn(io, std::move(operation), [&](std::exception_ptr error, T value) {
    if (error) std::rethrow_exception(error);
    result.emplace(std::move(value));
  });
  io.run();
  return *std::move(result);
}

// The value; a test failure and the end of the process if there is none.
template <class T>
T value_of(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << to_string(result.error().code) << ": " << result.error().message;
    std::abort();
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rushes-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct StoreUnderTest {
  std::string name;
  std::function<std::unique_ptr<Store>(const std::string& directory, const Outbox& outbox)> open;
};

// Owes one delivery for every change; the body says what was seen.
class PlainOutbox final : public Outbox {
 public:
  std::optional<Delivery> owed(const Task& after) const override {
    if (after.spec.callback_url == "http://nobody/") return std::nullopt;
    Delivery delivery;
    // On purpose the same for all events of a task.
    delivery.id = TaskId{after.id.value + 500'000};
    delivery.event = to_string(public_state(after));
    delivery.terminal = is_terminal(after.state);
    delivery.url = after.spec.callback_url;
    delivery.host = after.spec.callback_url;
    delivery.body = delivery.event + " of " + after.id.to_string() + " with " +
                    std::to_string(after.artifacts.size()) + " artifacts";
    delivery.created_at = delivery.due_at = after.updated_at;
    return delivery;
  }
};

class StoreConformance : public ::testing::TestWithParam<StoreUnderTest> {
 protected:
  StoreConformance() : store_(GetParam().open(directory_.path(), outbox_)) {}

  static Timestamp at(int64_t ms) { return from_unix_ms(1'800'000'000'000 + ms); }

  // A new task of `account`; ids and times grow from call to call.
  NewTask new_task(const std::string& account = "alice") {
    NewTask wanted;
    ++last_id_;
    wanted.task.id = TaskId{last_id_};
    wanted.task.account = AccountId{account};
    wanted.task.dialect = "kling";
    wanted.task.profile = "official";
    wanted.task.spec.model = "kling-v2-6";
    wanted.task.spec.prompt = "a fox in the snow";
    wanted.task.provider = "previz";
    wanted.task.price_estimate = 30;
    wanted.task.created_at = wanted.task.updated_at = at(static_cast<int64_t>(last_id_));
    return wanted;
  }

  NewTask new_task_with_callback(const std::string& url = "http://a/") {
    NewTask wanted = new_task();
    wanted.task.spec.callback_url = url;
    return wanted;
  }

  Created create(NewTask wanted) {
    return value_of(run(store_->create_task(std::make_unique<NewTask>(std::move(wanted)))));
  }
  TaskId add(const std::string& account = "alice") { return create(new_task(account)).task->id; }

  std::optional<Task> find(TaskId id, const std::string& account = "alice") {
    return value_of(run(store_->find_task({account}, id)));
  }

  std::vector<Task> claim(int limit, int64_t now_ms = 1'000'000, std::string node = "n1") {
    return value_of(run(store_->claim_tasks(
        {{std::move(node)}, at(now_ms), at(now_ms + 60'000), limit, "previz"})));
  }
  std::vector<Task> claim_from(std::string provider, TaskState to, int limit = 1,
                               std::string node = "n1") {
    return value_of(run(store_->claim_tasks(
        {{std::move(node)}, at(1'000'000), at(1'060'000), limit, std::move(provider), to})));
  }
  // A task of the queue "vendor" that was sent there.
  Task submit_one(const std::string& account = "alice") {
    NewTask wanted = new_task(account);
    wanted.task.provider = "vendor";
    create(wanted);
    std::vector<Task> claimed = claim_from("vendor", TaskState::kSubmitting);
    if (claimed.size() != 1) std::abort();
    return claimed.front();
  }
  Task claim_one() {
    std::vector<Task> claimed = claim(1);
    if (claimed.size() != 1) std::abort();
    return claimed.front();
  }

  // From the state and attempt in which `task` is now.
  static Change change(const Task& task, TaskState to, std::string node = "n1") {
    Change made;
    made.id = task.id;
    made.from = task.state;
    made.attempt = task.attempt;
    made.node = {std::move(node)};
    made.to = to;
    made.at = at(2'000'000);
    made.event_name = std::string(to_string(to));
    if (is_terminal(to)) made.price_final = to == TaskState::kSucceeded ? 30 : 0;
    return made;
  }
  static Artifact artifact(uint64_t id) {
    return {{id}, ArtifactKind::kVideo, "7/video.mp4", "video/mp4", 1234, "abcd", Millis{5041}};
  }

  Result<void> apply(Change wanted) { return run(store_->change_task(std::move(wanted))); }
  void finish(const Task& task, TaskState to = TaskState::kSucceeded) {
    Change wanted = change(task, to);
    if (to == TaskState::kSucceeded) wanted.artifacts = {artifact(task.id.value + 1'000'000)};
    value_of(apply(std::move(wanted)));
  }

  std::vector<std::string> event_names(TaskId id) {
    std::vector<std::string> names;
    for (const TaskEvent& event : value_of(run(store_->list_events(id)))) {
      names.push_back(event.name);
    }
    return names;
  }

  TemporaryDirectory directory_;
  PlainOutbox outbox_;
  std::unique_ptr<Store> store_;
  uint64_t last_id_ = 0;
};

}  // namespace rushes::store

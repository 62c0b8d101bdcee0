// Many threads on one store: groups form, failing operations sit between good ones, nothing is lost
// or done twice.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "edge/store/conformance.h"

namespace rushes::store {
namespace {

TEST_P(StoreConformance, ManyThreadsCreateAndEveryTaskIsThereOnce) {
  constexpr int kThreads = 8, kEach = 40;
  std::vector<std::thread> threads;
  std::atomic<int> created{0}, duplicates{0}, replays{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        NewTask wanted;
        wanted.task.id = TaskId{static_cast<uint64_t>(1 + t * kEach + i)};
        wanted.task.account = {i % 2 == 0 ? "alice" : "bob"};
        wanted.task.created_at = wanted.task.updated_at = at(i);
        if (i % 10 == 3) wanted.task.spec.external_task_id = "wanted-by-all-" + std::to_string(i);
        if (i % 10 == 6) wanted.idempotency = {"key-" + std::to_string(i), "print"};
        switch (value_of(run(store_->create_task(std::make_unique<NewTask>(wanted)))).kind) {
          case Created::Kind::kNew: ++created; break;
          case Created::Kind::kDuplicateExternalId: ++duplicates; break;
          case Created::Kind::kReplayed: ++replays; break;
          default: ADD_FAILURE();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(duplicates, (kThreads - 1) * kEach / 10);
  EXPECT_EQ(replays, (kThreads - 1) * kEach / 10);
  EXPECT_EQ(created, kThreads * kEach - duplicates - replays);
  EXPECT_EQ(value_of(run(store_->count_unfinished())), created);
  const auto listed = [&](std::string account) {
    return value_of(run(store_->list_tasks({{std::move(account)}, "text2video", {}, 0, 500})));
  };
  EXPECT_EQ(static_cast<int>(listed("alice").size() + listed("bob").size()), created);
}

TEST_P(StoreConformance, ManyNodesClaimAndFinishAndEveryTaskEndsOnce) {
  constexpr int kTasks = 120, kNodes = 4;
  for (int i = 0; i < kTasks; ++i) add(i % 3 == 0 ? "alice" : "bob");
  std::vector<std::thread> threads;
  std::atomic<int> ended{0};
  for (int n = 0; n < kNodes; ++n) {
    threads.emplace_back([&, node = "n" + std::to_string(n)] {
      for (;;) {
        const std::vector<Task> claimed = claim(3, 1'000'000, node);
        if (claimed.empty()) return;
        for (const Task& task : claimed) {
          value_of(apply(change(task, TaskState::kSucceeded, node)));
          ++ended;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ended, kTasks);
  EXPECT_EQ(value_of(run(store_->count_unfinished())), 0);
  const auto alices = value_of(run(store_->list_ledger({"alice"}, 1000)));
  const auto bobs = value_of(run(store_->list_ledger({"bob"}, 1000)));
  std::set<TaskId> settled;
  for (const auto& lines : {alices, bobs}) {
    for (const LedgerLine& line : lines) EXPECT_TRUE(settled.insert(line.task).second);
  }
  EXPECT_EQ(settled.size(), static_cast<size_t>(kTasks));
}

TEST_P(StoreConformance, ManyNodesDeliverAndEveryTaskHearsOfItsEndAfterWhatWasBefore) {
  constexpr int kTasks = 60, kNodes = 3, kPerHost = 2;
  for (int i = 0; i < kTasks; ++i) {
    create(new_task_with_callback(i % 3 == 0 ? "http://a/" : "http://b/"));
  }
  std::mutex mutex;
  std::map<std::string, int> under_way;              // by host
  std::map<TaskId, std::vector<std::string>> heard;  // by task
  std::atomic<int> unfinished{kTasks};
  std::vector<std::thread> threads;
  threads.emplace_back([&] {
    while (unfinished > 0) {
      for (const Task& task : claim(5)) {
        value_of(apply(change(task, TaskState::kSucceeded)));
        --unfinished;
      }
    }
  });
  for (int n = 0; n < kNodes; ++n) {
    threads.emplace_back([&, node = "n" + std::to_string(n)] {
      for (;;) {
        const bool last = unfinished == 0;
        const auto claimed = value_of(
            run(store_->claim_deliveries({{node}, at(9'000'000), at(9'060'000), 4, kPerHost})));
        const auto due = value_of(run(store_->earliest_due_delivery()));
        if (last && claimed.empty() && !due) return;
        for (const Delivery& delivery : claimed) {
          const std::lock_guard lock(mutex);
          EXPECT_LE(++under_way[delivery.host], kPerHost);
          heard[delivery.task].push_back(delivery.event);
        }
        for (const Delivery& delivery : claimed) {
          TryResult result;
          result.node = {node};
          result.attempt.delivery = delivery.id;
          result.attempt.number = delivery.tries + 1;
          const std::lock_guard lock(mutex);
          value_of(run(store_->finish_try(result)));
          --under_way[delivery.host];
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(heard.size(), static_cast<size_t>(kTasks));
  const std::vector<std::string> order{"submitted", "processing", "succeed"};
  for (const auto& [task, events] : heard) {
    EXPECT_EQ(events.back(), "succeed");
    EXPECT_TRUE(std::ranges::is_sorted(events, {}, [&](const std::string& event) {
      return std::ranges::find(order, event) - order.begin();
    }));
  }
}

TEST_P(StoreConformance, ACancelAndASuccessAtTheSameMomentEndTheTaskOnce) {
  for (int round = 0; round < 20; ++round) {
    add();
    const Task task = claim_one();
    std::atomic<int> won{0};
    std::vector<std::thread> threads;
    for (const TaskState to : {TaskState::kSucceeded, TaskState::kFailed}) {
      threads.emplace_back([&, to] {
        if (apply(change(task, to))) ++won;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(won, 1);
  }
  EXPECT_EQ(value_of(run(store_->list_ledger({"alice"}, 1000))).size(), 20u);
}

}  // namespace
}  // namespace rushes::store

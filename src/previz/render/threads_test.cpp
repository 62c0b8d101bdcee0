#include "previz/render/threads.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace rushes::previz {
namespace {

TEST(ThreadPool, DoesEveryItemOnceForAnyNumberOfThreadsAndItems) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (const int count : {0, 1, 2, 3, 100}) {
      for (int round = 0; round < 20; ++round) {
        std::vector<int> done(static_cast<size_t>(count), 0);
        pool.for_each(count, [&](int i) { ++done[static_cast<size_t>(i)]; });
        EXPECT_EQ(done, std::vector<int>(static_cast<size_t>(count), 1)) << threads << " threads";
      }
    }
  }
}

TEST(ThreadPool, HasFinishedEverythingWhenForEachReturns) {
  ThreadPool pool(5);
  std::vector<int> value(1000, 0);
  pool.for_each(1000, [&](int i) { value[static_cast<size_t>(i)] = i; });
  EXPECT_EQ(std::accumulate(value.begin(), value.end(), 0), 999 * 1000 / 2);
}

TEST(ThreadPool, CanBeMadeAndDroppedWithoutWork) {
  for (int i = 0; i < 20; ++i) ThreadPool pool(3);
}

}  // namespace
}  // namespace rushes::previz

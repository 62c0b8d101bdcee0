// ThreadPool: a few threads that share the rows or tiles of one frame. Owned by one Renderer and
// used from its thread only. Which thread takes which item is chance; since every item writes its
// own pixels from read-only data, the picture does not depend on it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace rushes::previz {

class ThreadPool {
 public:
  // The calling thread works too: `threads` - 1 are started. At least 1.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Calls work(0) ... work(count - 1), each once, in any order; returns when all are done.
  void for_each(int count, const std::function<void(int)>& work);

 private:
  void run();
  void take_items(const std::function<void(int)>& work, int count);

  std::mutex mutex_;  // guards work_, count_, generation_, busy_, stopping_
  std::condition_variable wake_, done_;
  const std::function<void(int)>* work_ = nullptr;
  int count_ = 0;
  int generation_ = 0;
  int busy_ = 0;
  bool stopping_ = false;
  std::atomic<int> next_{0};
  std::vector<std::thread> threads_;
};

}  // namespace rushes::previz

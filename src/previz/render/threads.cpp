#include "previz/render/threads.h"

namespace rushes::previz {

ThreadPool::ThreadPool(int threads) {
  for (int i = 1; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::for_each(int count, const std::function<void(int)>& work) {
  next_ = 0;
  if (!threads_.empty() && count > 1) {
    std::lock_guard lock(mutex_);
    work_ = &work;
    count_ = count;
    busy_ = static_cast<int>(threads_.size());
    ++generation_;
    wake_.notify_all();
  }
  take_items(work, count);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return busy_ == 0; });
}

void ThreadPool::run() {
  int seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping_ || generation_ != seen; });
    if (stopping_) return;
    seen = generation_;
    const std::function<void(int)>& work = *work_;
    const int count = count_;
    lock.unlock();
    take_items(work, count);
    lock.lock();
    if (--busy_ == 0) done_.notify_one();
  }
}

void ThreadPool::take_items(const std::function<void(int)>& work, int count) {
  for (int i = next_++; i < count; i = next_++) work(i);
}

}  // namespace rushes::previz

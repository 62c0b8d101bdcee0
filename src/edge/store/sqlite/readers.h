// Read-only connections, as many as there are threads that read at once. A read runs on the
// caller's thread: a point read takes microseconds, a hop to another thread tens of them.
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "edge/store/sqlite/connection.h"

namespace rushes::store::sqlite {

class Readers {
 public:
  explicit Readers(Connection::Options options) : options_(std::move(options)) {}

  // `work` is Result<T>(Connection&).
  template <class Work>
  auto read(Work work) -> decltype(work(std::declval<Connection&>())) {
    TRY(std::unique_ptr<Connection> connection, take());
    auto result = work(*connection);
    give_back(std::move(connection));
    return result;
  }

 private:
  Result<std::unique_ptr<Connection>> take();
  // A connection that broke is closed instead of kept.
  void give_back(std::unique_ptr<Connection> connection);

  const Connection::Options options_;
  std::mutex mutex_;  // guards idle_
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace rushes::store::sqlite

#include "edge/store/sqlite/readers.h"

namespace rushes::store::sqlite {

Result<std::unique_ptr<Connection>> Readers::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return Connection::open(options_);
}

void Readers::give_back(std::unique_ptr<Connection> connection) {
  if (connection->breakage()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

}  // namespace rushes::store::sqlite

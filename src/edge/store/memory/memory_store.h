// A store that forgets at exit: for tests, and the yardstick of the conformance suite.
#pragma once

#include <memory>

#include "edge/store/store.h"

namespace rushes::store {

// `outbox` outlives the store; null: no callbacks are owed.
std::unique_ptr<Store> make_memory_store(const Outbox* outbox = nullptr);

}  // namespace rushes::store

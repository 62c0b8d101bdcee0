// A store that forgets at exit: for tests, and the yardstick of the conformance suite.
#pragma once

#include <memory>

#include "edge/store/store.h"

namespace rushes::store {

std::unique_ptr<Store> make_memory_store();

}  // namespace rushes::store

// The stores that the conformance suite runs against.
#pragma once

#include <string>
#include <vector>

#include "edge/store/conformance.h"
#include "edge/store/memory/memory_store.h"
#include "edge/store/sqlite/sqlite_store.h"

namespace rushes::store {

inline std::vector<StoreUnderTest> all_stores() {
  return {{"memory",
           [](const std::string&, const Outbox& outbox) { return make_memory_store(&outbox); }},
          {"sqlite", [](const std::string& directory, const Outbox& outbox) {
             return value_of(open_sqlite_store({.directory = directory, .outbox = &outbox}));
           }}};
}

inline std::string name_of(const ::testing::TestParamInfo<StoreUnderTest>& parameter) {
  return parameter.param.name;
}

}  // namespace rushes::store

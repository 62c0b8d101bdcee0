// The promises of the server as checks of a simulated world. Each answers what is broken, in words.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/dialect/dialect.h"
#include "core/provider/fake/upstream.h"
#include "edge/store/store.h"
#include "network.h"

namespace rushes::sim {

// What the clients of the simulation know.
struct Known {
  struct Task {
    AccountId account;
    bool has_callback = false;
    bool over = false;
    PublicState last = PublicState::kSubmitted;
  };
  std::map<TaskId, Task> acknowledged;  // every id that a create answered with
};

struct Evidence {
  store::Store& store;
  const provider::fake::FakeUpstream& upstream;
  const SimNetwork& network;
  const dialect::Dialect& dialect;
  Known& known;  // its last states are updated
};

// Everything that must hold at any moment.
std::vector<std::string> broken_promises(const Evidence& evidence);
// What must hold as well once everything had its time: every task is over.
std::vector<std::string> unfinished_business(const Evidence& evidence);

}  // namespace rushes::sim

// What every adapter must be like, as tests over a description of one: recorded exchanges with the
// outcomes they must have, and the properties that hold for all replies and requests.
//
// A new adapter adds its exchanges under testdata/exchanges/ of its folder and one entry to the
// list in provider_conformance_test.cpp.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/json/value.h"
#include "core/provider/provider.h"

namespace rushes::provider::conformance {

enum class Operation { kCreate, kPoll, kLookup };

struct Exchange {
  std::string name;
  Operation operation = Operation::kCreate;
  std::string handle;
  Reply reply;
  json::Value outcome;  // what to_json(Outcome) must be
};

// One document of recorded exchanges, and the adapter it belongs to.
struct Subject {
  std::string document;  // path below core/provider
  std::shared_ptr<const Adapter> adapter;
  std::string base_url;
  std::string model;                             // of a create: an upstream's name
  std::vector<Verdict> creates, polls, lookups;  // at least these must be recorded
  friend void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.document; }
};

struct Recording {
  Settings settings;
  std::vector<Exchange> exchanges;
};
// Ends the test program if the document is not as it must be.
Recording load(const Subject& subject);

// Every member that is not its default.
json::Value to_json(const Outcome& outcome);

Outcome read(const Adapter& adapter, const Settings& settings, const Exchange& exchange);

}  // namespace rushes::provider::conformance

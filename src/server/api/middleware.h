// The middleware: what every request passes before its endpoint, as one list.
#pragma once

#include <span>
#include <string_view>

#include "server/api/service.h"

namespace rushes::api {

struct Step {
  std::string_view name;
  std::string_view sentence;  // what it does, for people
  // Refuses, or writes down in the exchange what later steps need. One of the two: `ask` where the
  // store may have to be asked.
  dialect::Answer<void> (*check)(const Service&, Exchange&) = nullptr;
  Awaitable<dialect::Answer<void>> (*ask)(const Service&, Exchange&) = nullptr;
};

// In their order; the first refusal is the answer. Around them, Api::handle gives every request its
// id, writes its line of the access log, and catches what nobody expected.
std::span<const Step> middleware();

}  // namespace rushes::api

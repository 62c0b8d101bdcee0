// Providers: who may make a video, as configured; values that never change while the server runs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/provider/provider.h"
#include "core/provider/route/route.h"

namespace rushes::engine {

struct ConfiguredCredential {
  provider::Credential credential;
  int concurrency = 5;  // jobs of ours that may be open at the provider under it
};

struct ConfiguredProvider {
  provider::Settings settings;
  const provider::Adapter* adapter = nullptr;
  std::vector<ConfiguredCredential> credentials;  // in order of preference; local: none
  double requests_per_second = 20;                // of each credential; 0: no limit
  Millis poll_interval{5'000};
  Millis request_timeout{30'000};
  // A task that has not ended this long after its creation is overdue: reported, not failed.
  Millis overdue_after{3'600'000};
  // How long an ambiguous create without any handle is kept before it is given up.
  Millis ambiguity_limit{3'600'000};
};

struct Providers {
  std::vector<ConfiguredProvider> list;
  provider::Routes routes;
  // Every adapter of the program, also those that no provider uses now: attempts outlive settings.
  std::vector<const provider::Adapter*> adapters;

  const ConfiguredProvider* find(std::string_view name) const {
    for (const ConfiguredProvider& candidate : list) {
      if (candidate.settings.name == name) return &candidate;
    }
    return nullptr;
  }
  const provider::Adapter* find_adapter(std::string_view name) const {
    for (const provider::Adapter* adapter : adapters) {
      if (adapter->name() == name) return adapter;
    }
    return nullptr;
  }
};

}  // namespace rushes::engine

// Who may make videos in this program: the list of adapters, and the configured providers as the
// engine takes them. A new adapter is a folder under core/provider and a line here.
#pragma once

#include <memory>
#include <vector>

#include "core/provider/aiml/aiml.h"
#include "core/provider/fake/adapter.h"
#include "core/provider/kling/kling.h"
#include "core/provider/previz/adapter.h"
#include "server/config/config.h"
#include "server/engine/providers.h"

namespace rushes::app {

struct Adapters {
  // The catalog outlives the adapters.
  explicit Adapters(const catalog::Catalog& catalog) : aiml(catalog) {}

  const provider::previz::PrevizAdapter previz;
  const provider::kling::KlingAdapter kling;
  const provider::aiml::AimlAdapter aiml;
  const provider::fake::FakeAdapter fake{std::make_unique<provider::kling::KlingAdapter>()};

  std::vector<const provider::Adapter*> all() const { return {&previz, &kling, &aiml, &fake}; }
};

// kInvalidInput names the provider, the key and what is allowed. Secrets are read here, from the
// environment ("env:NAME"), a file ("file:PATH") or the configuration itself. The built-in renderer
// is always there, as "previz".
Result<engine::Providers> load_providers(const config::Config& config,
                                         const catalog::Catalog& catalog, const Adapters& adapters);

}  // namespace rushes::app

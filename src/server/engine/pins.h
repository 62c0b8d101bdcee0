// pins: the settings and the credential of an attempt, frozen when it is written, so that it is
// polled and fetched exactly there, whatever the configuration says later.
//
// Sealed in the store under a fingerprint; many attempts share one. Belongs to the engine's thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/provider/provider.h"
#include "server/engine/services.h"

namespace rushes::engine {

struct Pin {
  provider::Settings settings;
  provider::Credential credential;
  bool operator==(const Pin&) const = default;
};

class Pins {
 public:
  explicit Pins(Services services) : services_(services) {}

  // Durable when it completes; the fingerprint.
  Awaitable<Result<std::string>> keep(Pin pin);
  // kNotFound: nobody kept it; kCorrupt: it was sealed with another secret.
  Awaitable<Result<std::shared_ptr<const Pin>>> find(std::string fingerprint);

 private:
  Services services_;
  // Shared with the attempts that use them; a handful, one for each configuration ever used.
  std::map<std::string, std::shared_ptr<const Pin>> known_;
};

}  // namespace rushes::engine

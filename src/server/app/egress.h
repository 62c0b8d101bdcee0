// Which URLs that users give may be called, out of the configuration.
#pragma once

#include "base/result.h"
#include "edge/http/egress_guard.h"
#include "edge/http/outbound.h"
#include "server/config/config.h"

namespace rushes::app {

// kInvalidInput, naming the entry, for an egress.allow that is not made of networks.
Result<http::EgressPolicy> egress_policy(const config::Config& config);
// For everything that leaves the server: providers, callbacks, downloads.
http::OutboundOptions outbound_options(const config::Config& config, const Clock& clock);

}  // namespace rushes::app

// Which URLs that users give may be called, out of the configuration.
#pragma once

#include "base/result.h"
#include "edge/http/egress_guard.h"
#include "server/config/config.h"

namespace rushes::app {

// kInvalidInput, naming the entry, for an egress.allow that is not made of networks.
Result<http::EgressPolicy> egress_policy(const config::Config& config);

}  // namespace rushes::app

// The store of a data directory for the command line: beside a running server, SQLite orders the
// writes of both.
#pragma once

#include <memory>

#include "edge/store/store.h"
#include "server/config/config.h"

namespace rushes::app {

// The directory is made if it is absent.
Result<std::unique_ptr<store::Store>> open_guest_store(const config::Config& config);

}  // namespace rushes::app

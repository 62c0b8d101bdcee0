// A task as the operator sees it: its history with all details, its attempts at providers with the
// upstream's ids and words, what it cost. Never shown to clients.
#pragma once

#include <string_view>

#include "base/json/value.h"
#include "base/result.h"
#include "server/config/config.h"

namespace rushes::app {

// Of a data directory, beside a running server; also of purged tasks, without their body. kNotFound
// if nobody ever had that id.
Result<json::Value> report_task(const config::Config& config, std::string_view id);

}  // namespace rushes::app

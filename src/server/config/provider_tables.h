// provider_tables: the [[provider]] and [[route]] tables of the configuration. Part of config.cpp.
#pragma once

#include <toml++/toml.h>

#include "server/config/config.h"

namespace rushes::config {

// Each replaces what is there if the file has such a table. Errors name file and line.
Result<void> read_providers(const toml::table& file, std::string_view origin, Config& config);
Result<void> read_routes(const toml::table& file, std::string_view origin, Config& config);

// Names are unique, routes name providers that are there.
Result<void> check_providers(const Config& config);

// Without secrets: "env:" and "file:" references are shown, anything else is "(hidden)".
json::Value providers_to_json(const Config& config);
json::Value routes_to_json(const Config& config);

}  // namespace rushes::config

// The catalog as configured: the compiled-in documents, and those of a directory over them.
#pragma once

#include "base/result.h"
#include "core/catalog/catalog.h"
#include "server/config/config.h"

namespace rushes::app {

Result<catalog::Catalog> load_catalog(const config::Config& config);

}  // namespace rushes::app

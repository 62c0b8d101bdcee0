// The schema of a database file: which version it has, and how it becomes the present one.
#pragma once

#include "edge/store/sqlite/connection.h"

namespace rushes::store::sqlite {

inline constexpr int kSchemaVersion = static_cast<int>(std::size(kMigrations));

// Brings an empty or older database to kSchemaVersion, each step one transaction. kUnsupported,
// naming both versions, for a newer one; kCorrupt for a database that is not ours.
Result<void> migrate(Connection& connection, const std::string& path, int version = kSchemaVersion);

}  // namespace rushes::store::sqlite

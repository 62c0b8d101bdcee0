#include "edge/store/sqlite/schema.h"

#include <fmt/format.h>

namespace rushes::store::sqlite {
namespace {

// "RUSH": tells our files from other programs' databases.
constexpr int64_t kApplicationId = 0x52555348;

Result<void> check_owner(Connection& connection, const std::string& path) {
  TRY(const int64_t application_id, connection.query_integer("PRAGMA application_id"));
  TRY(const int64_t table_count, connection.query_integer("SELECT count(*) FROM sqlite_schema"));
  if (application_id == kApplicationId || (application_id == 0 && table_count == 0)) return {};
  return fail(ErrorCode::kCorrupt, path + " is a database of another program");
}

Result<void> migrate_one(Connection& connection, int version) {
  TRY_VOID(connection.execute("BEGIN IMMEDIATE"));
  TRY_VOID(connection.execute(kMigrations[version]));
  TRY_VOID(connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                          kApplicationId, version + 1)));
  return connection.execute("COMMIT");
}

}  // namespace

Result<void> migrate(Connection& connection, const std::string& path, int target) {
  TRY_VOID(check_owner(connection, path));
  TRY(const int64_t version, connection.query_integer("PRAGMA user_version"));
  if (version > kSchemaVersion) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{} has schema version {}, this program knows versions up to {}: it "
                            "was written by a newer rushes",
                            path, version, kSchemaVersion));
  }
  for (int64_t from = version; from < target; ++from) {
    Result<void> done = migrate_one(connection, static_cast<int>(from));
    if (done) continue;
    if (connection.is_in_transaction()) {
      ignore_error(connection.execute("ROLLBACK"), "closing the connection rolls back as well");
    }
    return std::unexpected(
        std::move(done).error().with_context(fmt::format("migrate {} to {}", path, from + 1)));
  }
  return {};
}

}  // namespace rushes::store::sqlite

#include "server/app/guest_store.h"

#include "edge/platform/files.h"
#include "edge/store/sqlite/sqlite_store.h"

namespace rushes::app {

Result<std::unique_ptr<store::Store>> open_guest_store(const config::Config& config) {
  TRY_VOID(files::ensure_directory(config.server.data_dir, 0700));
  return store::open_sqlite_store(
      {.directory = config.server.data_dir, .sharing = store::SqliteOptions::Sharing::kGuest});
}

}  // namespace rushes::app

// The embedded store: one SQLite file in WAL mode with synchronous=FULL, one writer thread that
// commits in groups (writer.h), readers on the callers' threads (readers.h).
//
// Owned by server/app. Destroy it before the io_contexts that call it: its destructor finishes the
// accepted writes and resumes their callers there.
#pragma once

#include <memory>
#include <string>

#include "edge/store/store.h"

namespace rushes::store {

struct SqliteOptions {
  // kOwner: the one process that works on tasks; the directory is locked for it. kGuest: accounts,
  // keys, secrets and deliveries only, beside an owner or without one.
  enum class Sharing { kOwner, kGuest };

  std::string directory;  // created if absent; holds rushes.db and the lock
  std::string vfs;        // SQLite's name of the file layer; empty: the system's. For tests
  Sharing sharing = Sharing::kOwner;
  const Outbox* outbox = nullptr;  // outlives the store; null: no callbacks are owed
};

// kConflict if another process uses the directory, kUnsupported for a database of a newer rushes,
// kCorrupt for one that is not ours.
Result<std::unique_ptr<Store>> open_sqlite_store(SqliteOptions options);

}  // namespace rushes::store

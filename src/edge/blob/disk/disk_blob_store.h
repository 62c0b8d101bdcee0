// Blobs as files of one directory, on one thread of their own: hashing and fsync never run on an
// event loop.
//
//   DIR/ab/<key with '/' as '~'>      ab: two hex digits of the key's SHA-256
//   DIR/incoming/<number>.tmp         being moved in; removed at start-up
#pragma once

#include <memory>
#include <string>

#include "edge/blob/blob.h"

namespace rushes::blob {

// Makes the directory if needed and removes what a crash left in DIR/incoming. Owned by server/app;
// destroy it before the io_contexts that call it.
Result<std::unique_ptr<BlobStore>> open_disk_blob_store(std::string directory);

}  // namespace rushes::blob

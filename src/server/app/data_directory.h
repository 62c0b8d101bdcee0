// What lies where in a data directory, and its secrets.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "core/access/secret.h"
#include "edge/platform/clock.h"

namespace rushes::app {

struct DataDirectory {
  std::string path;

  std::string blobs() const { return path + "/blobs"; }
  std::string work() const { return path + "/work"; }
  std::string default_key_file() const { return path + "/default.key"; }
  std::string secret_file() const { return path + "/secret.key"; }
  // URL, process id and TLS key hash of the server that runs on it; removed when that stops.
  std::string server_file() const { return path + "/server.json"; }
};

// Reads DATA/secret.key, or makes it (mode 0600) the first time.
Result<access::ServerSecret> ensure_secret(const DataDirectory& directory, Entropy& entropy);

// Files of mode 0600 in a directory of mode 0700.
Result<void> write_private(const std::string& file, std::string_view text);
// Without the white space at its end; empty if the file is missing or unreadable.
std::string read_trimmed(const std::string& file);

}  // namespace rushes::app

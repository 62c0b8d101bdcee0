// Files whose changes survive a power cut, and the lock that gives a directory to one process.
// Blocking; safe from any thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace rushes::files {

// kNotFound, kLimitExceeded beyond `size_bytes_max`, kUnavailable otherwise.
Result<std::string> read(const std::string& path, size_t size_bytes_max);

// Temporary file, fsync, rename, fsync of the directory: a reader sees the old bytes or the new.
Result<void> write_atomically(const std::string& path, std::string_view bytes, mode_t mode = 0644);

// Makes what happened to the names in a directory durable.
Result<void> sync_directory(const std::string& path);
// Makes the bytes of a file durable.
Result<void> sync_file(const std::string& path);

// Creates the directory and its parents, each durable. Existing is no error.
Result<void> ensure_directory(const std::string& path, mode_t mode = 0755);

// "disk is full: No space left on device": an Error out of errno, kUnavailable (kNotFound for
// ENOENT).
std::unexpected<Error> system_error(std::string_view doing, int error_number);

// Holds `directory/lock` until destroyed; the kernel lets go when the process dies.
class DirectoryLock {
 public:
  // kConflict, naming the other process, if somebody holds it.
  static Result<DirectoryLock> acquire(const std::string& directory);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace rushes::files

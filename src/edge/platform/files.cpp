#include "edge/platform/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

namespace rushes::files {
namespace {

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, mode_t mode = 0)
      : value_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  bool is_open() const { return value_ >= 0; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

std::string parent_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

Result<void> write_all(int descriptor, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error("write " + path, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<void> sync(const std::string& path, int flags) {
  const Descriptor file(path, flags);
  if (!file.is_open()) return system_error("open " + path, errno);
  if (::fsync(file.get()) != 0) return system_error("fsync " + path, errno);
  return {};
}

}  // namespace

std::unexpected<Error> system_error(std::string_view doing, int error_number) {
  const ErrorCode code = error_number == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable;
  return fail(code, fmt::format("{}: {}", doing, std::generic_category().message(error_number)));
}

Result<std::string> read(const std::string& path, size_t size_bytes_max) {
  const Descriptor file(path, O_RDONLY);
  if (!file.is_open()) return system_error("open " + path, errno);
  std::string bytes;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("read " + path, errno);
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
    if (bytes.size() > size_bytes_max) {
      return fail(ErrorCode::kLimitExceeded,
                  fmt::format("read {}: more than {} bytes", path, size_bytes_max));
    }
  }
}

Result<void> write_atomically(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  {
    const Descriptor file(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (!file.is_open()) return system_error("create " + temporary, errno);
    Result<void> written = write_all(file.get(), bytes, temporary);
    if (written && ::fsync(file.get()) != 0) written = system_error("fsync " + temporary, errno);
    if (!written) {
      ::unlink(temporary.c_str());
      return written;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error_number = errno;
    ::unlink(temporary.c_str());
    return system_error("rename to " + path, error_number);
  }
  return sync_directory(parent_of(path));
}

Result<void> sync_directory(const std::string& path) { return sync(path, O_RDONLY | O_DIRECTORY); }

Result<void> sync_file(const std::string& path) { return sync(path, O_RDONLY); }

Result<void> ensure_directory(const std::string& path, mode_t mode) {
  if (std::filesystem::is_directory(path)) return {};
  const std::string parent = parent_of(path);
  if (parent != path) TRY_VOID(ensure_directory(parent, mode));
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) {
    return system_error("create directory " + path, errno);
  }
  return sync_directory(parent);
}

Result<DirectoryLock> DirectoryLock::acquire(const std::string& directory) {
  const std::string path = directory + "/lock";
  Descriptor file(path, O_RDWR | O_CREAT, 0644);
  if (!file.is_open()) return system_error("open " + path, errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error("lock " + path, errno);
    const std::string owner = read(path, 64).value_or("?");
    return fail(ErrorCode::kConflict,
                fmt::format("{} is in use by another rushes process (pid {})", directory, owner));
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file.get(), 0) != 0) return system_error("write " + path, errno);
  TRY_VOID(write_all(file.get(), pid, path));
  return DirectoryLock(file.release());
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace rushes::files

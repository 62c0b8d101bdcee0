#include "edge/blob/disk/disk_blob_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "edge/platform/files.h"

namespace rushes::blob {
namespace {

constexpr size_t kChunkSizeBytes = 1 << 20;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const { return value_; }
  bool ok() const { return value_ >= 0; }

 private:
  int value_;
};

Result<void> write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return files::system_error("write a blob", errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

// Reads all of `from` through the digest, copying it to `to` unless that is no file.
Result<Stored> digest_and_copy(int from, const Descriptor* to) {
  Stored stored;
  Sha256 digest;
  std::vector<char> chunk(kChunkSizeBytes);
  for (;;) {
    const ssize_t got = ::read(from, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return files::system_error("read a result", errno);
    if (got == 0) break;
    const std::string_view bytes(chunk.data(), static_cast<size_t>(got));
    digest.update(bytes);
    if (to != nullptr) TRY_VOID(write_all(to->value(), bytes));
    stored.size_bytes += bytes.size();
  }
  stored.sha256 = to_hex(digest.finish());
  return stored;
}

class DiskBlobStore final : public BlobStore {
 public:
  explicit DiskBlobStore(std::string directory)
      : directory_(std::move(directory)), work_(boost::asio::make_work_guard(context_)) {
    thread_ = std::thread([this] { context_.run(); });
  }

  ~DiskBlobStore() override {
    work_.reset();
    thread_.join();
  }

  // No coroutines: the lambda would be a temporary of a co_await expression (see async.h).
  Awaitable<Result<Stored>> put_file(std::string key, std::string path) override {
    return on_thread<Stored>(
        [this, key = std::move(key), path = std::move(path)] { return put(key, path); });
  }

  Awaitable<Result<std::optional<Located>>> find(std::string key) override {
    // One stat(2): cheaper than a hop to the thread.
    co_return locate(key);
  }

  Awaitable<Result<void>> remove(std::string key) override {
    return on_thread<void>([this, key = std::move(key)] { return erase(key); });
  }

 private:
  template <class T, class Work>
  Awaitable<Result<T>> on_thread(Work work) {
    auto start = [this, work = std::move(work)](Completion<Result<T>> done) mutable {
      boost::asio::post(
          context_, [work = std::move(work), done = std::move(done)]() mutable { done(work()); });
    };
    return await_completion<Result<T>>(std::move(start));
  }

  std::string shard_of(std::string_view key) const {
    return fmt::format("{}/{}", directory_, to_hex(sha256(key).substr(0, 1)));
  }
  std::string path_of(std::string key) const {
    const std::string shard = shard_of(key);
    std::replace(key.begin(), key.end(), '/', '~');
    return shard + "/" + key;
  }

  // The source may lie on another file system: it is renamed in if it can be, copied otherwise.
  Result<Stored> put(const std::string& key, const std::string& path) {
    if (!is_valid_key(key)) return fail(ErrorCode::kInvalidInput, "blob key '" + key + "'");
    const std::string incoming =
        fmt::format("{}/incoming/{}.tmp", directory_, next_incoming_.fetch_add(1));
    const bool renamed = ::rename(path.c_str(), incoming.c_str()) == 0;
    if (!renamed && errno != EXDEV) return files::system_error("take in " + path, errno);
    auto stored = renamed ? digest_in_place(incoming) : copy_in(path, incoming);
    if (stored && stored->size_bytes == 0) {
      stored = fail(ErrorCode::kInvalidInput, "an empty file is no result: " + path);
    }
    if (stored) {
      if (auto placed = place(incoming, key); !placed) stored = std::unexpected(placed.error());
    }
    if (!stored) {
      ::unlink(incoming.c_str());
    } else if (!renamed) {
      ::unlink(path.c_str());
    }
    return stored;
  }

  Result<Stored> digest_in_place(const std::string& incoming) {
    const Descriptor file(::open(incoming.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.ok()) return files::system_error("open " + incoming, errno);
    TRY(Stored stored, digest_and_copy(file.value(), nullptr));
    if (::fsync(file.value()) != 0) return files::system_error("fsync " + incoming, errno);
    return stored;
  }

  Result<Stored> copy_in(const std::string& path, const std::string& incoming) {
    const Descriptor from(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!from.ok()) return files::system_error("open " + path, errno);
    const Descriptor to(::open(incoming.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!to.ok()) return files::system_error("create " + incoming, errno);
    TRY(Stored stored, digest_and_copy(from.value(), &to));
    if (::fsync(to.value()) != 0) return files::system_error("fsync " + incoming, errno);
    return stored;
  }

  Result<void> place(const std::string& incoming, const std::string& key) {
    const std::string shard = shard_of(key);
    TRY_VOID(files::ensure_directory(shard));
    const std::string path = path_of(key);
    if (::rename(incoming.c_str(), path.c_str()) != 0) {
      return files::system_error("place " + path, errno);
    }
    return files::sync_directory(shard);
  }

  Result<std::optional<Located>> locate(const std::string& key) const {
    if (!is_valid_key(key)) return fail(ErrorCode::kInvalidInput, "blob key '" + key + "'");
    Located located{path_of(key), 0};
    struct stat info{};
    if (::stat(located.path.c_str(), &info) != 0) {
      if (errno == ENOENT) return std::nullopt;
      return files::system_error("look up " + located.path, errno);
    }
    located.size_bytes = static_cast<uint64_t>(info.st_size);
    return located;
  }

  Result<void> erase(const std::string& key) {
    if (!is_valid_key(key)) return fail(ErrorCode::kInvalidInput, "blob key '" + key + "'");
    const std::string path = path_of(key);
    if (::unlink(path.c_str()) != 0) {
      if (errno == ENOENT) return {};
      return files::system_error("remove " + path, errno);
    }
    return files::sync_directory(shard_of(key));
  }

  const std::string directory_;
  std::atomic<uint64_t> next_incoming_{0};
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> work_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<BlobStore>> open_disk_blob_store(std::string directory) {
  const std::string incoming = directory + "/incoming";
  TRY_VOID(files::ensure_directory(incoming));
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(incoming, error)) {
    std::filesystem::remove(entry.path(), error);
  }
  if (error) return fail(ErrorCode::kUnavailable, "clean " + incoming + ": " + error.message());
  return std::make_unique<DiskBlobStore>(std::move(directory));
}

}  // namespace rushes::blob

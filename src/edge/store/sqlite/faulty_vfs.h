// A file layer for SQLite that passes everything to the system's until it is told to fail, and that
// knows what a power cut would take. Tests only; one at a time in a process.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <mutex>
#include <ranges>
#include <string>
#include <vector>

namespace rushes::store {

class FaultyVfs {
 public:
  static constexpr const char* kName = "rushes-faulty";
  enum class Fault { kNone, kDiskFull, kWriteError, kTornWrite, kSyncError };

  FaultyVfs() {
    real() = sqlite3_vfs_find(nullptr);
    fault() = Fault::kNone;
    unsynced().clear();
    vfs_ = *real();
    vfs_.zName = kName;
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real()->szOsFile;
    vfs_.xOpen = open;
    sqlite3_vfs_register(&vfs_, 0);
  }
  ~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  // In every file, once `passes` more writes (for kSyncError: syncs) went well.
  void set(Fault now, int passes = 0) {
    left() = passes;
    fault() = now;
  }

  // Leaves in `to` what a machine could hold of the database in `from` that lost its power now: of
  // the writes since the last sync of their file, newest first, those whose bit is set in `kept`,
  // over and over.
  static void copy_after_power_loss(const std::string& from, const std::string& to, uint64_t kept) {
    const std::lock_guard lock(mutex());
    for (const auto& entry : std::filesystem::directory_iterator(from)) {
      const auto& path = entry.path();
      if (path.native().ends_with("-shm")) continue;  // shared memory: gone with the machine
      const auto copy = std::filesystem::path(to) / path.filename();
      std::filesystem::copy_file(path, copy);
      for (const Overwritten& part : std::views::reverse(unsynced()[path.native()])) {
        kept = std::rotr(kept, 1);
        if (kept >> 63) continue;
        std::fstream file(copy, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(part.offset);
        file.write(part.bytes.data(), static_cast<std::streamsize>(part.bytes.size()));
        file.close();
        std::filesystem::resize_file(copy, static_cast<uintmax_t>(part.file_size));
      }
    }
  }

 private:
  // What stood in a file before a write.
  struct Overwritten {
    sqlite3_int64 offset;
    std::string bytes;
    sqlite3_int64 file_size;
  };
  struct File {
    sqlite3_file base;
    sqlite3_io_methods methods;
    const char* name;  // SQLite keeps it until the file is closed; null: a temporary one
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };

  static sqlite3_vfs*& real() {
    static sqlite3_vfs* vfs = nullptr;
    return vfs;
  }
  static std::atomic<Fault>& fault() {
    static std::atomic<Fault> now{Fault::kNone};
    return now;
  }
  static std::atomic<int>& left() {
    static std::atomic<int> passes{0};
    return passes;
  }
  static std::mutex& mutex() {
    static std::mutex one;
    return one;
  }
  static std::map<std::string, std::vector<Overwritten>>& unsynced() {
    static std::map<std::string, std::vector<Overwritten>> files;
    return files;
  }
  static sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }

  // Under the mutex. Everything from `offset` on, up to `size` bytes.
  static void remember(sqlite3_file* file, sqlite3_int64 offset, sqlite3_int64 size) {
    const char* name = reinterpret_cast<File*>(file)->name;
    if (name == nullptr) return;
    Overwritten before{offset, {}, 0};
    real(file)->pMethods->xFileSize(real(file), &before.file_size);
    const sqlite3_int64 stands = std::min(size, before.file_size - offset);
    if (stands > 0) {
      before.bytes.resize(static_cast<size_t>(stands));
      real(file)->pMethods->xRead(real(file), before.bytes.data(), static_cast<int>(stands),
                                  offset);
    }
    unsynced()[name].push_back(std::move(before));
  }

  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const std::lock_guard lock(mutex());
    remember(file, offset, size);
    const Fault now = fault();
    const bool fails = now != Fault::kNone && now != Fault::kSyncError && left()-- <= 0;
    if (fails && now == Fault::kDiskFull) return SQLITE_FULL;
    if (fails && now == Fault::kTornWrite) {
      real(file)->pMethods->xWrite(real(file), bytes, size / 2, offset);
    }
    if (fails) return SQLITE_IOERR_WRITE;
    return real(file)->pMethods->xWrite(real(file), bytes, size, offset);
  }
  static int sync(sqlite3_file* file, int flags) {
    if (fault() == Fault::kSyncError && left()-- <= 0) return SQLITE_IOERR_FSYNC;
    const std::lock_guard lock(mutex());
    const int code = real(file)->pMethods->xSync(real(file), flags);
    const char* name = reinterpret_cast<File*>(file)->name;
    if (code == SQLITE_OK && name != nullptr) unsynced().erase(name);
    return code;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const std::lock_guard lock(mutex());
    remember(file, size, std::numeric_limits<sqlite3_int64>::max());
    return real(file)->pMethods->xTruncate(real(file), size);
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    File& wrapper = *reinterpret_cast<File*>(file);
    wrapper.base.pMethods = nullptr;
    wrapper.name = name;
    const int code =
        FaultyVfs::real()->xOpen(FaultyVfs::real(), name, wrapper.real(), flags, out_flags);
    if (code != SQLITE_OK) return code;
    wrapper.methods = {};
    wrapper.methods.iVersion = 2;
    wrapper.methods.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
    wrapper.methods.xRead = [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
      return real(f)->pMethods->xRead(real(f), to, size, at);
    };
    wrapper.methods.xWrite = write;
    wrapper.methods.xTruncate = truncate;
    wrapper.methods.xSync = sync;
    wrapper.methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
      return real(f)->pMethods->xFileSize(real(f), size);
    };
    wrapper.methods.xLock = [](sqlite3_file* f, int kind) {
      return real(f)->pMethods->xLock(real(f), kind);
    };
    wrapper.methods.xUnlock = [](sqlite3_file* f, int kind) {
      return real(f)->pMethods->xUnlock(real(f), kind);
    };
    wrapper.methods.xCheckReservedLock = [](sqlite3_file* f, int* out) {
      return real(f)->pMethods->xCheckReservedLock(real(f), out);
    };
    wrapper.methods.xFileControl = [](sqlite3_file* f, int what, void* argument) {
      return real(f)->pMethods->xFileControl(real(f), what, argument);
    };
    wrapper.methods.xSectorSize = [](sqlite3_file* f) {
      return real(f)->pMethods->xSectorSize(real(f));
    };
    wrapper.methods.xDeviceCharacteristics = [](sqlite3_file* f) {
      return real(f)->pMethods->xDeviceCharacteristics(real(f));
    };
    wrapper.methods.xShmMap = [](sqlite3_file* f, int page, int size, int extend,
                                 void volatile** out) {
      return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
    };
    wrapper.methods.xShmLock = [](sqlite3_file* f, int offset, int count, int flags_now) {
      return real(f)->pMethods->xShmLock(real(f), offset, count, flags_now);
    };
    wrapper.methods.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
    wrapper.methods.xShmUnmap = [](sqlite3_file* f, int remove) {
      return real(f)->pMethods->xShmUnmap(real(f), remove);
    };
    wrapper.base.pMethods = &wrapper.methods;
    return SQLITE_OK;
  }

  sqlite3_vfs vfs_{};
};

}  // namespace rushes::store

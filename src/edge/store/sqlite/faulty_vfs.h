// A file layer for SQLite that passes everything to the system's until it is told to fail. Tests
// only; one at a time in a process.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <string>

namespace rushes::store {

class FaultyVfs {
 public:
  static constexpr const char* kName = "rushes-faulty";
  enum class Fault { kNone, kDiskFull, kWriteError, kTornWrite, kSyncError };

  FaultyVfs() {
    real() = sqlite3_vfs_find(nullptr);
    fault() = Fault::kNone;
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

 private:
  struct File {
    sqlite3_file base;
    sqlite3_io_methods methods;
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
  static sqlite3_file* real(sqlite3_file* file) { return reinterpret_cast<File*>(file)->real(); }

  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
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
    return real(file)->pMethods->xSync(real(file), flags);
  }

  static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    File& wrapper = *reinterpret_cast<File*>(file);
    wrapper.base.pMethods = nullptr;
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
    wrapper.methods.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
      return real(f)->pMethods->xTruncate(real(f), size);
    };
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

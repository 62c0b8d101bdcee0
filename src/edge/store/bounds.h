// How large the texts of a task may be in any store.
#pragma once

#include "edge/store/store.h"

namespace rushes::store {

inline constexpr size_t kSpecBytesMax = 256 * 1024;  // as JSON
inline constexpr size_t kNameBytesMax = 255;         // keys, words, names of accounts
inline constexpr size_t kExternalIdBytesMax = 1024;  // 256 code points of 4 bytes
inline constexpr size_t kNoteCountMax = 64;
inline constexpr size_t kNoteBytesMax = 1000;
inline constexpr size_t kTextBytesMax = 2000;  // failure messages, event details
inline constexpr int kListLimitMax = 500;

// kLimitExceeded for what a client gave; broken invariants end the process.
Result<void> check_bounds(const NewTask& task, size_t spec_size_bytes);

// The change with its texts cut (between code points) to the limits.
Change within_bounds(Change change);

}  // namespace rushes::store

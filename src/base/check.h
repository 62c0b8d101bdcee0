// Invariants that end the process when broken, in every build type.
//
// RUSHES_CHECK is for programmer errors only. Anything the world can cause (a full disk, a bad
// request, a dead child) is an expected failure and travels as a Result instead.
#pragma once

namespace rushes {

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace rushes

#define RUSHES_CHECK(condition)                               \
  do {                                                        \
    if (!(condition)) [[unlikely]]                            \
      ::rushes::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)

// Expected failures as values: Result<T> is a T or an Error, TRY passes an Error up.
//
//   Result<Config> load(...) {
//     TRY(const std::string text, files.read(path));   // returns the Error, if any
//     TRY_VOID(check(text));
//     return parse(text);
//   }
//
// Code decides by Error::code only, never by text. `message` is for the operator's log;
// `user_message` is what a client may see: it names the field, what was given and what is
// allowed, and never carries a secret, a path or an upstream's words.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace rushes {

// What the caller can do about it; closed on purpose.
enum class ErrorCode {
  kInvalidInput,      // the request or file is wrong: change it
  kUnauthenticated,   // no or bad credentials
  kForbidden,         // known, but not allowed
  kNotFound,          // does not exist for this caller
  kAlreadyExists,     // a uniqueness rule refused it
  kConflict,          // the state is no longer the expected one
  kLimitExceeded,     // a configured bound was reached: wait or raise it
  kUnsupported,       // legal, but nothing here can do it
  kUnavailable,       // an outside party failed: retry later
  kDeadlineExceeded,  // took too long
  kCancelled,         // somebody asked to stop
  kCorrupt,           // stored or received bytes are not what they must be
  kInternal,          // our own failure
};

std::string_view to_string(ErrorCode code);

struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string user_message;

  // Prepends what was being done, as in "open store: disk I/O error".
  [[nodiscard]] Error with_context(std::string_view doing) &&;
};

template <class T>
using Result = std::expected<T, Error>;

// An error whose text is for the operator only.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message), {}});
}

// An error whose text the client may see as it is.
[[nodiscard]] inline std::unexpected<Error> fail_user(ErrorCode code, std::string message) {
  Error error{code, message, {}};
  error.user_message = std::move(message);
  return std::unexpected(std::move(error));
}

// The one way to drop an error on purpose; `why` says why that is safe.
template <class T>
void ignore_error(const Result<T>&, [[maybe_unused]] std::string_view why) {}

}  // namespace rushes

#define RUSHES_CONCAT_INNER(a, b) a##b
#define RUSHES_CONCAT(a, b) RUSHES_CONCAT_INNER(a, b)

// TRY(declaration, expression): binds the value or returns the error. In a coroutine: CO_TRY.
#define RUSHES_TRY_IMPL(temporary, return_keyword, declaration, ...)            \
  auto temporary = (__VA_ARGS__);                                               \
  if (!temporary) return_keyword std::unexpected(std::move(temporary).error()); \
  declaration = std::move(*temporary)
#define TRY(declaration, ...) \
  RUSHES_TRY_IMPL(RUSHES_CONCAT(try_result_, __LINE__), return, declaration, __VA_ARGS__)
#define CO_TRY(declaration, ...) \
  RUSHES_TRY_IMPL(RUSHES_CONCAT(try_result_, __LINE__), co_return, declaration, __VA_ARGS__)

#define RUSHES_TRY_VOID_IMPL(temporary, return_keyword, ...) \
  if (auto temporary = (__VA_ARGS__); !temporary)            \
  return_keyword std::unexpected(std::move(temporary).error())
#define TRY_VOID(...) \
  RUSHES_TRY_VOID_IMPL(RUSHES_CONCAT(try_result_, __LINE__), return, __VA_ARGS__)
#define CO_TRY_VOID(...) \
  RUSHES_TRY_VOID_IMPL(RUSHES_CONCAT(try_result_, __LINE__), co_return, __VA_ARGS__)

// Signed, expiring links to results. A link needs no credentials: whoever has it may read that one
// artifact until it expires, and nothing else.
//
//   /files/<artifact id>/<name>?expires=<unix seconds>&signature=<base64url>
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/task/task.h"

namespace rushes::access {

struct FileLink {
  TaskId artifact;
  std::string name;  // for people: "867283741759111202.mp4"; it is signed too
  Timestamp expires_at{};
};

// Path and query; the caller puts its base URL in front. `key` is ServerSecret::derive("file-url").
std::string make_file_path(const FileLink& link, std::string_view key);

enum class LinkVerdict { kValid, kMalformed, kBadSignature, kExpired };

struct CheckedLink {
  LinkVerdict verdict = LinkVerdict::kMalformed;
  FileLink link;  // for kValid
};

// `target` as sent, path and query. Compares in constant time.
CheckedLink check_file_path(std::string_view target, std::string_view key, Timestamp now);

}  // namespace rushes::access

// Router: (method, path) to endpoint. Built once, then read by every thread.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics/registry.h"
#include "core/dialect/dialect.h"
#include "edge/platform/async.h"
#include "server/api/exchange.h"

namespace rushes::api {

struct Service;

using Handler = Awaitable<dialect::Answer<wire::Response>> (*)(const Service&, Exchange&);

enum class Access { kPublic, kKey };

struct Endpoint {
  std::string method;
  std::string pattern;  // "/v1/videos/text2video/{id}"; also the label in logs and metrics
  Access access = Access::kKey;
  Handler handler = nullptr;
  const dialect::Dialect* dialect = nullptr;
  const catalog::Profile* profile = nullptr;  // null outside the dialects' mounts
};

class Router {
 public:
  void add(Endpoint endpoint);

  struct Match {
    enum class Kind { kFound, kWrongMethod, kNoSuchPath };
    Kind kind = Kind::kNoSuchPath;
    // For kWrongMethod one that has the path; for kNoSuchPath the nearest one, whose dialect the
    // client most likely speaks: null if not even the first segment is known.
    const Endpoint* endpoint = nullptr;
    std::vector<std::string> parameters;
  };
  // `path` as sent, still encoded. HEAD finds what GET does. A parameter is one segment, decoded,
  // not empty; a path with a malformed escape there does not exist.
  Match match(std::string_view method, std::string_view path) const;

 private:
  struct Entry {
    Endpoint endpoint;
    std::vector<std::string> segments;
  };
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace rushes::api

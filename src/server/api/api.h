// Api: one HTTP request in, one response out. What stands between the sockets and the engine.
//
// Owned by server/app, shared by every connection thread; handle() may run many times at once. It
// names no dialect and no concrete store: both come from outside.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/log/logger.h"
#include "base/metrics/registry.h"
#include "core/access/secret.h"
#include "core/catalog/catalog.h"
#include "core/dialect/dialect.h"
#include "core/wire/message.h"
#include "edge/blob/blob.h"
#include "edge/http/egress_guard.h"
#include "edge/platform/async.h"
#include "edge/platform/clock.h"
#include "edge/store/store.h"
#include "server/engine/engine.h"

namespace rushes::api {

struct Options {
  std::string version;  // of the program
  Seconds result_retention{30 *
                           86400};  // links to results are valid that long after the task's end
  size_t body_bytes_max = 1024 * 1024;
  double requests_per_second = 0;  // of one account; 0: no limit
  int queue_per_account = 1000;    // unfinished tasks; one more is refused
  http::EgressPolicy egress;       // where callbacks may go
  // Judges X-Rushes-Fake of a create; empty: the header means nothing here. Any thread.
  std::function<Result<void>(std::string_view rule)> check_fake_rule;
};

// All of it outlives the Api.
struct Parts {
  store::Store& store;
  engine::Engine& engine;
  blob::BlobStore& blobs;
  const catalog::Catalog& catalog;
  // The first one answers what belongs to none: unknown paths and broken requests.
  std::vector<const dialect::Dialect*> dialects;
  const access::ServerSecret& secret;
  const Clock& clock;
  Entropy& entropy;
  log::Logger& logger;
  metrics::Registry& metrics;
};

struct Service;

class Api {
 public:
  // Every profile of the catalog whose dialect is among `parts.dialects` is mounted.
  Api(Options options, Parts parts);
  ~Api();

  // Where clients reach this server: links to results begin with it. From the configuration, or the
  // listen address once it is known; never from a request. Call it before the first request.
  void set_base_url(std::string url);

  Awaitable<wire::Response> handle(wire::Request request);
  // For bytes that never became a request: `status` in the shape of the dialect whose path `target`
  // is, or is nearest to.
  wire::Response refuse(int status, std::string_view target);

 private:
  std::unique_ptr<Service> service_;
};

}  // namespace rushes::api

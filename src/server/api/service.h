// Service: what the steps and the endpoints of the API share. Made by Api, never changed after.
#pragma once

#include "server/api/api.h"
#include "server/api/authenticator.h"
#include "server/api/callbacks.h"
#include "server/api/links.h"
#include "server/api/rate_limiter.h"
#include "server/api/recent_tasks.h"
#include "server/api/request_metrics.h"
#include "server/api/router.h"

namespace rushes::api {

// Every task of this issue of the API; ids of other families do not exist here.
inline constexpr std::string_view kFamily = "text2video";

struct Service {
  Service(Options given_options, Parts given_parts)
      : options(std::move(given_options)),
        parts(std::move(given_parts)),
        links(parts.secret, options.result_retention),
        callbacks(parts.dialects, links, parts.entropy),
        authenticator(parts.store, parts.secret, parts.clock),
        limiter(options.requests_per_second),
        requests(parts.metrics) {}

  const Options options;
  const Parts parts;
  Links links;
  const Callbacks callbacks;
  // These four keep what they learn under a lock of their own.
  mutable Authenticator authenticator;
  mutable RateLimiter limiter;
  mutable RequestMetrics requests;
  mutable RecentTasks recent_tasks;
  Router router;
};

}  // namespace rushes::api

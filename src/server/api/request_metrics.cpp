#include "server/api/request_metrics.h"

#include <fmt/format.h>

namespace rushes::api {
namespace {

// Upper ends of the buckets, in microseconds.
const std::vector<uint64_t> kBoundsUs{100,    250,    500,     1000,    2500,      5000,
                                      10'000, 25'000, 100'000, 250'000, 1'000'000, 5'000'000};

// Methods beyond the common ones are foreign text: one label for all of them.
std::string_view known_method(std::string_view method) {
  for (const std::string_view known :
       {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (method == known) return known;
  }
  return "other";
}

}  // namespace

void RequestMetrics::observe(std::string_view route, std::string_view method, int status,
                             std::chrono::steady_clock::duration duration) {
  method = known_method(method);
  const std::string name = fmt::format("{} {} {}", status, method, route);
  Series series;
  {
    const std::lock_guard lock(mutex_);
    Series& known = series_[name];
    if (!known.requests) {
      const std::string route_text(route);
      known.requests = &registry_.counter("rushes_http_requests_total", "Requests answered.",
                                          {{"route", route_text},
                                           {"method", std::string(method)},
                                           {"status", std::to_string(status)}});
      known.duration =
          &registry_.histogram("rushes_http_request_seconds", "Time from request to response.",
                               {{"route", route_text}}, kBoundsUs);
    }
    series = known;
  }
  series.requests->add();
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  series.duration->observe(static_cast<uint64_t>(us < 0 ? 0 : us));
}

}  // namespace rushes::api

#include "server/api/request_metrics.h"

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
  const Series series = series_of(route, known_method(method), status);
  series.requests->add();
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  series.duration->observe(static_cast<uint64_t>(us < 0 ? 0 : us));
}

RequestMetrics::Series RequestMetrics::series_of(std::string_view route, std::string_view method,
                                                 int status) {
  const std::lock_guard lock(mutex_);
  const auto known = series_.find(std::tuple(status, method, route));
  if (known != series_.end()) return known->second;
  const std::string route_text(route), method_text(method);
  const Series series{
      &registry_.counter(
          "rushes_http_requests_total", "Requests answered.",
          {{"route", route_text}, {"method", method_text}, {"status", std::to_string(status)}}),
      &registry_.histogram("rushes_http_request_seconds", "Time from request to response.",
                           {{"route", route_text}}, kBoundsUs)};
  series_.emplace(std::tuple(status, method_text, route_text), series);
  return series;
}

}  // namespace rushes::api

// RequestMetrics: how many requests each route had, with which status, and how long they took.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "base/metrics/registry.h"

namespace rushes::api {

class RequestMetrics {
 public:
  explicit RequestMetrics(metrics::Registry& registry) : registry_(registry) {}

  // `route` is a pattern, never a path as sent: the number of series stays small.
  void observe(std::string_view route, std::string_view method, int status,
               std::chrono::steady_clock::duration duration);

 private:
  struct Series {
    metrics::Counter* requests = nullptr;
    metrics::Histogram* duration = nullptr;
  };

  Series series_of(std::string_view route, std::string_view method, int status);

  metrics::Registry& registry_;
  std::mutex mutex_;  // guards series_
  // By status, method and route; found without making strings.
  std::map<std::tuple<int, std::string, std::string>, Series, std::less<>> series_;
};

}  // namespace rushes::api

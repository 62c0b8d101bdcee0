// Metrics: counters, gauges and histograms, shown as Prometheus text (format 0.0.4).
//
// A Registry is owned by server/app and handed to whoever counts. Series are made once and live as
// long as the registry; changing one is lock-free from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rushes::metrics {

using Labels = std::vector<std::pair<std::string, std::string>>;

class Counter {
 public:
  void add(uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

class Gauge {
 public:
  void set(int64_t value) { value_.store(value, std::memory_order_relaxed); }
  int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> value_{0};
};

// Of durations; the bounds are the buckets' upper ends in microseconds.
class Histogram {
 public:
  explicit Histogram(std::vector<uint64_t> bounds_us);
  void observe(uint64_t duration_us);

 private:
  friend class Registry;
  const std::vector<uint64_t> bounds_us_;
  std::unique_ptr<std::atomic<uint64_t>[]> buckets_;  // one more than bounds
  std::atomic<uint64_t> sum_us_{0};
};

class Registry {
 public:
  // The series of that name and labels; made if there is none. `help` of the first call counts. A
  // name is of one kind only.
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, Labels labels,
                       std::vector<uint64_t> bounds_us);

  std::string to_text() const;

 private:
  struct Family {
    std::string help;
    std::string_view kind;
    std::map<std::string, std::unique_ptr<Counter>> counters;  // by label text
    std::map<std::string, std::unique_ptr<Gauge>> gauges;
    std::map<std::string, std::unique_ptr<Histogram>> histograms;
  };
  Family& family(std::string_view name, std::string_view help, std::string_view kind);

  mutable std::mutex mutex_;  // guards the maps, not the values
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace rushes::metrics

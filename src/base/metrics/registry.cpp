#include "base/metrics/registry.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"

namespace rushes::metrics {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

// `route="/v1",status="200"`, without the braces.
std::string label_text(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    if (!text.empty()) text += ',';
    text += fmt::format("{}=\"{}\"", name, escape(value));
  }
  return text;
}

std::string in_braces(std::string_view labels) {
  return labels.empty() ? "" : fmt::format("{{{}}}", labels);
}

std::string seconds(uint64_t us) { return fmt::format("{}", static_cast<double>(us) / 1e6); }

}  // namespace

Histogram::Histogram(std::vector<uint64_t> bounds_us)
    : bounds_us_(std::move(bounds_us)),
      buckets_(std::make_unique<std::atomic<uint64_t>[]>(bounds_us_.size() + 1)) {
  RUSHES_CHECK(std::ranges::is_sorted(bounds_us_));
}

void Histogram::observe(uint64_t duration_us) {
  const auto bucket = std::ranges::lower_bound(bounds_us_, duration_us) - bounds_us_.begin();
  buckets_[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(duration_us, std::memory_order_relaxed);
}

Registry::Family& Registry::family(std::string_view name, std::string_view help,
                                   std::string_view kind) {
  auto found = families_.find(name);
  if (found == families_.end()) {
    found = families_.emplace(std::string(name), Family{std::string(help), kind, {}, {}, {}}).first;
  }
  RUSHES_CHECK(found->second.kind == kind);
  return found->second;
}

Counter& Registry::counter(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& series = family(name, help, "counter").counters[label_text(labels)];
  if (!series) series = std::make_unique<Counter>();
  return *series;
}

Gauge& Registry::gauge(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& series = family(name, help, "gauge").gauges[label_text(labels)];
  if (!series) series = std::make_unique<Gauge>();
  return *series;
}

Histogram& Registry::histogram(std::string_view name, std::string_view help, Labels labels,
                               std::vector<uint64_t> bounds_us) {
  const std::lock_guard lock(mutex_);
  auto& series = family(name, help, "histogram").histograms[label_text(labels)];
  if (!series) series = std::make_unique<Histogram>(std::move(bounds_us));
  return *series;
}

std::string Registry::to_text() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, family.kind);
    for (const auto& [labels, counter] : family.counters) {
      out += fmt::format("{}{} {}\n", name, in_braces(labels), counter->value());
    }
    for (const auto& [labels, gauge] : family.gauges) {
      out += fmt::format("{}{} {}\n", name, in_braces(labels), gauge->value());
    }
    for (const auto& [labels, histogram] : family.histograms) {
      const std::string prefix = labels.empty() ? "" : labels + ",";
      uint64_t count = 0;
      for (size_t i = 0; i <= histogram->bounds_us_.size(); ++i) {
        count += histogram->buckets_[i].load(std::memory_order_relaxed);
        const bool last = i == histogram->bounds_us_.size();
        out += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, prefix,
                           last ? "+Inf" : seconds(histogram->bounds_us_[i]), count);
      }
      out += fmt::format("{}_sum{} {}\n", name, in_braces(labels),
                         seconds(histogram->sum_us_.load(std::memory_order_relaxed)));
      out += fmt::format("{}_count{} {}\n", name, in_braces(labels), count);
    }
  }
  return out;
}

}  // namespace rushes::metrics

#include "base/metrics/registry.h"

#include <gtest/gtest.h>

namespace rushes::metrics {
namespace {

TEST(RegistryTest, TheTextIsPrometheusFormat) {
  Registry registry;
  registry.counter("a_total", "Requests.", {{"route", "/v1/\"x\""}, {"status", "200"}}).add(3);
  registry.gauge("b", "Depth.").set(-2);
  Histogram& histogram = registry.histogram("c_seconds", "Time.", {{"r", "x"}}, {1000, 500'000});
  histogram.observe(1000);
  histogram.observe(1001);
  histogram.observe(2'000'000);
  EXPECT_EQ(registry.to_text(),
            "# HELP a_total Requests.\n"
            "# TYPE a_total counter\n"
            "a_total{route=\"/v1/\\\"x\\\"\",status=\"200\"} 3\n"
            "# HELP b Depth.\n"
            "# TYPE b gauge\n"
            "b -2\n"
            "# HELP c_seconds Time.\n"
            "# TYPE c_seconds histogram\n"
            "c_seconds_bucket{r=\"x\",le=\"0.001\"} 1\n"
            "c_seconds_bucket{r=\"x\",le=\"0.5\"} 2\n"
            "c_seconds_bucket{r=\"x\",le=\"+Inf\"} 3\n"
            "c_seconds_sum{r=\"x\"} 2.002001\n"
            "c_seconds_count{r=\"x\"} 3\n");
}

TEST(RegistryTest, TheSameNameAndLabelsAreTheSameSeries) {
  Registry registry;
  Counter& first = registry.counter("a", "", {{"x", "1"}});
  EXPECT_EQ(&first, &registry.counter("a", "", {{"x", "1"}}));
  EXPECT_NE(&first, &registry.counter("a", "", {{"x", "2"}}));
}

}  // namespace
}  // namespace rushes::metrics

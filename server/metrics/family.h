#ifndef SEEDFED_SERVER_METRICS_FAMILY_H_
#define SEEDFED_SERVER_METRICS_FAMILY_H_

#include <prometheus/metric_family.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace seedfed {

// Builds a Prometheus family from values that are at hand at the time of the scrape.
class FamilyBuilder {
 public:
  FamilyBuilder(prometheus::MetricType type, std::string name, std::string help) {
    family_.type = type;
    family_.name = std::move(name);
    family_.help = std::move(help);
  }

  FamilyBuilder& Add(double value, std::vector<prometheus::ClientMetric::Label> labels = {}) {
    prometheus::ClientMetric& metric = family_.metric.emplace_back();
    metric.label = std::move(labels);
    metric.gauge.value = metric.counter.value = value;
    return *this;
  }

  // Appended to `families`, unless it got no value: then there is nothing to say.
  void AppendTo(std::vector<prometheus::MetricFamily>& families) {
    if (!family_.metric.empty()) families.push_back(std::move(family_));
  }

 private:
  prometheus::MetricFamily family_;
};

inline void AppendGauge(std::vector<prometheus::MetricFamily>& families, std::string name,
                        std::string help, std::optional<double> value) {
  FamilyBuilder builder(prometheus::MetricType::Gauge, std::move(name), std::move(help));
  if (value) builder.Add(*value);
  builder.AppendTo(families);
}

inline void AppendCounter(std::vector<prometheus::MetricFamily>& families, std::string name,
                          std::string help, std::optional<double> value) {
  FamilyBuilder builder(prometheus::MetricType::Counter, std::move(name), std::move(help));
  if (value) builder.Add(*value);
  builder.AppendTo(families);
}

}  // namespace seedfed

#endif  // SEEDFED_SERVER_METRICS_FAMILY_H_

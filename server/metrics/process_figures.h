#ifndef SEEDFED_SERVER_METRICS_PROCESS_FIGURES_H_
#define SEEDFED_SERVER_METRICS_PROCESS_FIGURES_H_

#include <prometheus/metric_family.h>

#include <filesystem>
#include <optional>
#include <vector>

namespace seedfed {

// What the kernel says of this process. A figure that cannot be read is absent.
struct ProcessFigures {
  std::optional<double> cpu_seconds;  // user and system, all threads
  std::optional<double> resident_bytes;
  std::optional<double> open_fds;
  std::optional<double> max_fds;
};

// `proc` is the process's folder in a Linux proc file system.
ProcessFigures ReadProcessFigures(const std::filesystem::path& proc = "/proc/self");

// Appends the figures under the names that all Prometheus clients use.
void AppendProcessFamilies(const ProcessFigures& figures,
                           std::vector<prometheus::MetricFamily>& families);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_METRICS_PROCESS_FIGURES_H_

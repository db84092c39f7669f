#ifndef SEEDFED_SERVER_METRICS_STATUS_FAMILIES_H_
#define SEEDFED_SERVER_METRICS_STATUS_FAMILIES_H_

#include <prometheus/metric_family.h>

#include <vector>

#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// Appends what a Status says as Prometheus families. A value that the status does not have (no
// round is open, none was evaluated) is left out rather than written as 0.
void AppendStatusFamilies(const v1::Status& status,
                          std::vector<prometheus::MetricFamily>& families);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_METRICS_STATUS_FAMILIES_H_

#include "server/metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <variant>
#include <vector>

#include "server/metrics/family.h"
#include "server/metrics/process_figures.h"
#include "server/metrics/status_families.h"

namespace seedfed {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;
using prometheus::Counter;
using prometheus::Family;
using prometheus::Histogram;
using prometheus::Registry;

// Seconds: from a simulation's rounds on one machine to rounds of hours.
const Buckets kPhaseBuckets = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,  1,
                               2.5,   5,      10,    30,   60,    120,  300, 600,  1800, 3600};
// Seconds: from a flush of an SSD to a disk that keeps a round from closing.
const Buckets kCommitBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                0.1,    0.25,  0.5,    1,     2.5,  5,     10};
const Buckets kWriteBuckets = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096};

Family<Counter>& UpdatesFamily(Registry& registry) {
  return prometheus::BuildCounter()
      .Name("seedfed_updates_total")
      .Help("Updates that were accepted (durable and counted) or came too late.")
      .Register(registry);
}

Family<Histogram>& PhaseFamily(Registry& registry) {
  return prometheus::BuildHistogram()
      .Name("seedfed_round_phase_seconds")
      .Help(
          "A round's time from its opening to its close (collect) and on until it is durable "
          "(publish).")
      .Register(registry);
}

std::array<Counter*, kRefusalReasons> AddRefusals(Registry& registry) {
  Family<Counter>& family = prometheus::BuildCounter()
                                .Name("seedfed_updates_refused_total")
                                .Help("Updates and other calls that were refused, by reason.")
                                .Register(registry);
  std::array<Counter*, kRefusalReasons> counters;
  for (size_t i = 0; i < kRefusalReasons; ++i) {
    counters[i] =
        &family.Add({{"reason", std::string(RefusalReasonName(static_cast<RefusalReason>(i)))}});
  }
  return counters;
}

}  // namespace

Metrics::Metrics(absl::Duration deadline)
    : deadline_(deadline),
      rounds_(prometheus::BuildCounter()
                  .Name("seedfed_rounds_total")
                  .Help("Rounds that became complete.")
                  .Register(registry_)
                  .Add({})),
      accepted_(UpdatesFamily(registry_).Add({{"outcome", "accepted"}})),
      late_(UpdatesFamily(registry_).Add({{"outcome", "late"}})),
      refused_(AddRefusals(registry_)),
      collect_seconds_(PhaseFamily(registry_).Add({{"phase", "collect"}}, kPhaseBuckets)),
      publish_seconds_(PhaseFamily(registry_).Add({{"phase", "publish"}}, kPhaseBuckets)),
      commit_seconds_(prometheus::BuildHistogram()
                          .Name("seedfed_store_commit_seconds")
                          .Help("Time of a transaction of the store, with its flush to the disk.")
                          .Register(registry_)
                          .Add({}, kCommitBuckets)),
      commit_writes_(prometheus::BuildHistogram()
                         .Name("seedfed_store_commit_writes")
                         .Help("Writes of a transaction of the store.")
                         .Register(registry_)
                         .Add({}, kWriteBuckets)) {}

void Metrics::Observe(const Event& event) {
  switch (event.kind) {
    case EventKind::kUpdateAccepted:
      accepted_.Increment();
      break;
    case EventKind::kUpdateLate:
      late_.Increment();
      break;
    case EventKind::kUpdateRefused:
    case EventKind::kCallRefused:
      refused_[static_cast<size_t>(std::get<RefusalReason>(event.details))]->Increment();
      break;
    case EventKind::kRoundComplete: {
      const auto& round = std::get<RoundDetails>(event.details);
      rounds_.Increment();
      collect_seconds_.Observe(absl::ToDoubleSeconds(round.collecting));
      publish_seconds_.Observe(absl::ToDoubleSeconds(round.publishing));
      break;
    }
    case EventKind::kClientJoined:
    case EventKind::kRoundOpened:
    case EventKind::kDeadlineExtended:
    case EventKind::kWaiting:
    case EventKind::kHeld:
    case EventKind::kResumed:
    case EventKind::kEvaluated:
    case EventKind::kFinished:
      break;  // a Status has what they change
  }
}

void Metrics::ObserveCommit(size_t writes, absl::Duration took) {
  if (writes == 0) return;
  commit_seconds_.Observe(absl::ToDoubleSeconds(took));
  commit_writes_.Observe(static_cast<double>(writes));
}

void Metrics::ObserveCertificate(const std::string& which, absl::Time ends) {
  prometheus::BuildGauge()
      .Name("seedfed_certificate_expiry_seconds")
      .Help("When the certificate ends, seconds since 1970.")
      .Register(registry_)
      .Add({{"certificate", which}})
      .Set(absl::ToDoubleSeconds(ends - absl::UnixEpoch()));
}

void Metrics::ObserveRefusedConnections(uint64_t count) {
  prometheus::BuildCounter()
      .Name("seedfed_tls_connections_refused_total")
      .Help("TLS connections that did not come about, mostly for a peer's certificate.")
      .Register(registry_)
      .Add({})
      .Increment(static_cast<double>(count));
}

std::string Metrics::Expose(const v1::Status& status, size_t queued_writes) const {
  std::vector<prometheus::MetricFamily> families = registry_.Collect();
  AppendStatusFamilies(status, families);
  AppendGauge(families, "seedfed_round_deadline_seconds", "Time for a round.",
              absl::ToDoubleSeconds(deadline_));
  AppendGauge(families, "seedfed_store_queue_writes",
              "Writes that wait for the store's next transaction.",
              static_cast<double>(queued_writes));
  AppendProcessFamilies(ReadProcessFigures(), families);
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace seedfed

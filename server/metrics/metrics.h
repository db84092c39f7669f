#ifndef SEEDFED_SERVER_METRICS_METRICS_H_
#define SEEDFED_SERVER_METRICS_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "seedfed/v1/admin.pb.h"
#include "server/core/event.h"

namespace seedfed {

// The server in figures for Prometheus: what happened is counted as it happens, what is the case is
// taken from a Status when asked. Counters begin at 0 with the process. The names are part of what
// users rely on: docs/operations.md has them all. Thread-safe.
class Metrics {
 public:
  // `deadline` is a round's.
  explicit Metrics(absl::Duration deadline);

  // Counts a core event.
  void Observe(const Event& event);

  // Counts a transaction of the storage thread: its writes and what Store::Commit took. 0 writes:
  // there was none.
  void ObserveCommit(size_t writes, absl::Duration took);

  // A certificate's end; `which` is a label: server or client_ca.
  void ObserveCertificate(const std::string& which, absl::Time ends);

  // Counts TLS connections that did not come about.
  void ObserveRefusedConnections(uint64_t count);

  // Everything in Prometheus's text format, version 0.0.4. `queued_writes`: those that wait for the
  // storage thread's next transaction.
  std::string Expose(const v1::Status& status, size_t queued_writes) const;

 private:
  const absl::Duration deadline_;
  prometheus::Registry registry_;
  // Members of registry_, looked up once.
  prometheus::Counter& rounds_;
  prometheus::Counter& accepted_;
  prometheus::Counter& late_;
  std::array<prometheus::Counter*, kRefusalReasons> refused_;
  prometheus::Histogram& collect_seconds_;
  prometheus::Histogram& publish_seconds_;
  prometheus::Histogram& commit_seconds_;
  prometheus::Histogram& commit_writes_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_METRICS_METRICS_H_

#include "server/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/server/metrics/samples.h"

namespace seedfed {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class MetricsTest : public ::testing::Test {
 protected:
  // Every sample without those of the process, which change by themselves.
  Samples Now() const {
    Samples samples = ParseSamples(metrics_.Expose(v1::Status(), 0));
    std::erase_if(samples, [](const auto& sample) { return sample.first.starts_with("process_"); });
    return samples;
  }

  // What `event` moves: sample -> by how much. Buckets are left out.
  Samples Moved(const Event& event) {
    const Samples before = Now();
    metrics_.Observe(event);
    return Difference(before);
  }

  Samples Difference(const Samples& before) const {
    Samples moved;
    for (const auto& [sample, value] : Now()) {
      const double by = value - before.at(sample);
      if (by != 0 && sample.find("_bucket{") == std::string::npos) moved[sample] = by;
    }
    return moved;
  }

  Metrics metrics_{absl::Seconds(300)};
};

TEST_F(MetricsTest, AtTheStart_EveryCounterIsThereAndZero) {
  for (const auto& [sample, value] : Now()) {
    if (sample.find("_total") != std::string::npos || sample.find("_count") != std::string::npos) {
      EXPECT_EQ(value, 0) << sample;
    }
  }
  EXPECT_EQ(Now().at("seedfed_updates_refused_total{reason=\"other_content\"}"), 0);
}

TEST_F(MetricsTest, AcceptedUpdate_MovesItsOutcome) {
  EXPECT_THAT(Moved({.kind = EventKind::kUpdateAccepted, .details = UpdateDetails{}}),
              UnorderedElementsAre(Pair("seedfed_updates_total{outcome=\"accepted\"}", 1)));
}

TEST_F(MetricsTest, LateUpdate_MovesItsOutcome) {
  EXPECT_THAT(Moved({.kind = EventKind::kUpdateLate}),
              UnorderedElementsAre(Pair("seedfed_updates_total{outcome=\"late\"}", 1)));
}

TEST_F(MetricsTest, RefusedUpdate_MovesItsReason) {
  for (size_t i = 0; i < kRefusalReasons; ++i) {
    const auto reason = static_cast<RefusalReason>(i);
    const std::string sample =
        "seedfed_updates_refused_total{reason=\"" + std::string(RefusalReasonName(reason)) + "\"}";
    EXPECT_THAT(Moved({.kind = EventKind::kUpdateRefused, .details = reason}),
                UnorderedElementsAre(Pair(sample, 1)));
  }
}

TEST_F(MetricsTest, CompleteRound_MovesRoundsAndBothPhases) {
  const RoundDetails details{nullptr, absl::Milliseconds(1500), absl::Milliseconds(250)};
  EXPECT_THAT(
      Moved({.kind = EventKind::kRoundComplete, .details = details}),
      UnorderedElementsAre(Pair("seedfed_rounds_total", 1),
                           Pair("seedfed_round_phase_seconds_count{phase=\"collect\"}", 1),
                           Pair("seedfed_round_phase_seconds_sum{phase=\"collect\"}", 1.5),
                           Pair("seedfed_round_phase_seconds_count{phase=\"publish\"}", 1),
                           Pair("seedfed_round_phase_seconds_sum{phase=\"publish\"}", 0.25)));
}

TEST_F(MetricsTest, EveryOtherEvent_MovesNothing) {
  for (const EventKind kind : {EventKind::kClientJoined, EventKind::kRoundOpened,
                               EventKind::kDeadlineExtended, EventKind::kWaiting, EventKind::kHeld,
                               EventKind::kResumed, EventKind::kEvaluated, EventKind::kFinished}) {
    EXPECT_THAT(Moved({.kind = kind}), IsEmpty()) << EventKindName(kind);
  }
}

TEST_F(MetricsTest, Commit_MovesTimeAndWrites) {
  const Samples before = Now();
  metrics_.ObserveCommit(3, absl::Milliseconds(40));
  EXPECT_THAT(Difference(before),
              UnorderedElementsAre(Pair("seedfed_store_commit_seconds_count", 1),
                                   Pair("seedfed_store_commit_seconds_sum", 0.04),
                                   Pair("seedfed_store_commit_writes_count", 1),
                                   Pair("seedfed_store_commit_writes_sum", 3)));
}

TEST_F(MetricsTest, ReportWithoutATransaction_MovesNothing) {
  const Samples before = Now();
  metrics_.ObserveCommit(0, absl::ZeroDuration());
  EXPECT_THAT(Difference(before), IsEmpty());
}

TEST_F(MetricsTest, Certificates_AreThereOnceTheyAreKnown) {
  const Samples before = Now();
  EXPECT_EQ(before.count("seedfed_tls_connections_refused_total"), 0u);
  metrics_.ObserveCertificate("server", absl::FromUnixSeconds(1'800'000'000));
  metrics_.ObserveCertificate("client_ca", absl::FromUnixSeconds(2'000'000'000));
  metrics_.ObserveCertificate("server", absl::FromUnixSeconds(1'900'000'000));
  metrics_.ObserveRefusedConnections(0);
  EXPECT_EQ(Now().at("seedfed_tls_connections_refused_total"), 0);
  metrics_.ObserveRefusedConnections(2);
  metrics_.ObserveRefusedConnections(3);
  const Samples now = Now();
  EXPECT_EQ(now.at("seedfed_certificate_expiry_seconds{certificate=\"server\"}"), 1'900'000'000);
  EXPECT_EQ(now.at("seedfed_certificate_expiry_seconds{certificate=\"client_ca\"}"), 2'000'000'000);
  EXPECT_EQ(now.at("seedfed_tls_connections_refused_total"), 5);
}

TEST_F(MetricsTest, Buckets_AreCumulativeAndIncludeTheirBound) {
  for (const size_t writes : {1, 2, 3, 4, 5})
    metrics_.ObserveCommit(writes, absl::Milliseconds(10));
  const Samples now = Now();
  EXPECT_EQ(now.at("seedfed_store_commit_writes_bucket{le=\"2\"}"), 2);
  EXPECT_EQ(now.at("seedfed_store_commit_writes_bucket{le=\"4\"}"), 4);
  EXPECT_EQ(now.at("seedfed_store_commit_writes_bucket{le=\"+Inf\"}"), 5);
  EXPECT_EQ(now.at("seedfed_store_commit_seconds_bucket{le=\"0.005\"}"), 0);
  EXPECT_EQ(now.at("seedfed_store_commit_seconds_bucket{le=\"0.01\"}"), 5);
}

TEST_F(MetricsTest, Expose_HasTheQueueAndTheDeadline) {
  const Samples samples = ParseSamples(metrics_.Expose(v1::Status(), 17));
  EXPECT_EQ(samples.at("seedfed_store_queue_writes"), 17);
  EXPECT_EQ(samples.at("seedfed_round_deadline_seconds"), 300);
}

TEST_F(MetricsTest, ManyThreads_LoseNoCount) {
  constexpr int kThreads = 4, kEach = 1000;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < kEach; ++i) {
        metrics_.Observe({.kind = EventKind::kUpdateAccepted});
        metrics_.ObserveCommit(1, absl::Milliseconds(1));
        if (i % 100 == 0) metrics_.Expose(v1::Status(), 0);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Now().at("seedfed_updates_total{outcome=\"accepted\"}"), kThreads * kEach);
  EXPECT_EQ(Now().at("seedfed_store_commit_writes_count"), kThreads * kEach);
}

}  // namespace
}  // namespace seedfed

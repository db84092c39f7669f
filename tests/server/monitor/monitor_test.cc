#include "server/monitor/monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/server/core/core_fixture.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

constexpr RoundRules kRules = {.rounds = 20,
                               .goal = 2,
                               .quorum = 1,
                               .min_clients = 1,
                               .deadline = absl::Seconds(60),
                               .example_cap = 1000};
constexpr uint32_t kEve = Members::kFirstEvaluator;

class MonitorTest : public testing::Test {
 protected:
  MonitorTest()
      : monitor({.version = "9.9", .started = kStart, .settings = {{"rounds.rounds", "20"}}}),
        d(kRules) {
    d.observe = [this](const Effects& effects) {
      for (const Event& event : effects.events) monitor.Observe(event, Time());
    };
    d.JoinAll(2);
    d.Join("eve", true);
  }

  absl::Time Time() const { return kStart + d.now; }
  void Round(uint32_t round) {
    for (uint32_t c = 0; c < 2; ++c) d.Submit(c, round, d.Words(c, round));
  }
  v1::Status Status() const { return monitor.Status(d.core, d.now, Time()); }
  v1::ListClientsResponse Clients(const std::string& sort = "", uint32_t offset = 0,
                                  uint32_t limit = 0) const {
    v1::ListClientsRequest request;
    request.set_sort(sort);
    request.set_offset(offset);
    request.set_limit(limit);
    return monitor.Clients(request, d.core, d.now);
  }

  static inline const absl::Time kStart = absl::UnixEpoch() + absl::Hours(400000);
  Monitor monitor;
  CoreDriver d;
};

TEST_F(MonitorTest, Status_OfANewFederation) {
  const v1::Status status = Status();
  EXPECT_EQ(status.version(), "9.9");
  EXPECT_EQ(status.federation_id(), ToHex(TestId()));
  EXPECT_EQ(status.state(), "collecting");
  EXPECT_EQ(status.round(), 0U);
  EXPECT_EQ(status.rounds(), 20U);
  EXPECT_EQ(status.open_round().round(), 1U);
  EXPECT_EQ(status.open_round().goal(), 2U);
  EXPECT_EQ(status.open_round().seconds_left(), 60);
  EXPECT_EQ(status.clients().trainers(), 2U);
  EXPECT_EQ(status.clients().evaluators(), 1U);
  EXPECT_EQ(status.clients().live(), 2U);
  EXPECT_EQ(status.clients().live_evaluators(), 1U);
  EXPECT_EQ(status.model().parameters(), 21 * 12 + 13 * 3);
  EXPECT_EQ(status.model().layers(0).inputs(), 20U);
  EXPECT_EQ(status.model().layers(0).outputs(), 12U);
  EXPECT_EQ(status.model().layers(0).words() + status.model().layers(1).words(),
            status.model().update_bytes() / 16);
  EXPECT_EQ(status.model().fingerprint(), ToHex(d.core.model().fingerprint()));
  EXPECT_EQ(status.refused_size(), static_cast<int>(kRefusalReasons));
  EXPECT_FALSE(status.has_latest());
  EXPECT_FALSE(status.has_training_loss());
  EXPECT_EQ(status.settings(0).name(), "rounds.rounds");
}

TEST_F(MonitorTest, Status_CountsWhatHappened) {
  Round(1);
  d.Submit(0, 1, d.Words(0, 1));  // late
  d.Submit(0, 2, "short");        // refused
  monitor.CountTraffic(1000, 300, 2);
  d.Report(kEve, 1, 0.75);
  const v1::Status status = Status();
  EXPECT_EQ(status.round(), 1U);
  EXPECT_EQ(status.traffic().updates(), 2);
  EXPECT_EQ(status.traffic().late(), 1);
  EXPECT_EQ(status.traffic().bytes_up(), 1000);
  EXPECT_EQ(status.traffic().bytes_down(), 300);
  EXPECT_EQ(status.traffic().fp32_bytes_up(), 2 * status.model().fp32_bytes());
  EXPECT_EQ(status.traffic().fp32_bytes_down(), 2 * status.model().fp32_bytes());
  EXPECT_EQ(status.latest().accuracy(), 0.75);
  EXPECT_EQ(status.training_loss(), 0.5);
  for (const v1::Refused& refused : status.refused()) {
    EXPECT_EQ(refused.updates(), refused.reason() == "words" ? 1 : 0) << refused.reason();
  }
  EXPECT_EQ(status.model().fingerprint(), ToHex(d.core.fingerprint()));
}

TEST_F(MonitorTest, BestAndLatest_AreMeansOverTheEvaluatorsOfARound) {
  d.Join("eva", true);
  for (uint32_t r = 1; r <= 3; ++r) Round(r);
  d.Report(kEve, 1, 0.8, 0.5, 100);
  d.Report(kEve, 2, 0.9, 0.5, 100);
  d.Report(kEve + 1, 2, 0.5, 0.5, 100);  // the mean of round 2 falls below round 1
  EXPECT_DOUBLE_EQ(Status().latest().accuracy(), 0.7);
  EXPECT_EQ(Status().best().round(), 1U);
  EXPECT_DOUBLE_EQ(Status().best().accuracy(), 0.8);
  d.Report(kEve, 3, 0.85, 0.5, 100);
  EXPECT_EQ(Status().best().round(), 3U);
  d.Report(kEve + 1, 3, 0.85, 0.5, 300);
  EXPECT_EQ(Status().best().examples(), 400);
}

TEST_F(MonitorTest, Rounds_ColumnsOfEqualLengthAndEvaluationsApart) {
  for (uint32_t r = 1; r <= 5; ++r) {
    d.now += absl::Seconds(2);
    Round(r);
    if (r % 2 == 0) d.Report(kEve, r, 0.1 * r);
  }
  const v1::Rounds rounds = monitor.Rounds(0, 0, 0, d.core);
  EXPECT_EQ(rounds.stride(), 1U);
  EXPECT_THAT(rounds.round(), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(rounds.updates(), ElementsAre(2, 2, 2, 2, 2));
  EXPECT_EQ(rounds.seconds(1), 2);
  EXPECT_EQ(rounds.bytes_up(0), 100);
  EXPECT_THAT(rounds.evaluated_round(), ElementsAre(2, 4));
  EXPECT_THAT(rounds.accuracy(), ElementsAre(0.2, 0.4));
  const v1::Rounds few = monitor.Rounds(2, 5, 2, d.core);
  EXPECT_EQ(few.stride(), 2U);
  EXPECT_THAT(few.round(), ElementsAre(3, 5));
}

TEST_F(MonitorTest, Restore_GivesTheSamePlotsAsWatching) {
  for (uint32_t r = 1; r <= 4; ++r) Round(r);
  d.Report(kEve, 3, 0.5);
  std::vector<RoundRecord> rounds;
  std::vector<EvaluationRecord> evaluations;
  for (const Write& write : d.store) {
    if (const auto* round = std::get_if<RoundRecord>(&write)) rounds.push_back(*round);
    if (const auto* report = std::get_if<EvaluationRecord>(&write)) evaluations.push_back(*report);
  }
  Monitor restored({});
  restored.Restore(rounds);
  restored.Restore(evaluations);
  EXPECT_EQ(restored.Rounds(0, 0, 0, d.core).SerializeAsString(),
            monitor.Rounds(0, 0, 0, d.core).SerializeAsString());
  EXPECT_EQ(restored.Status(d.core, d.now, Time()).latest().SerializeAsString(),
            Status().latest().SerializeAsString());
}

TEST_F(MonitorTest, RoundsPerSecond_OverTheLastTenSeconds) {
  EXPECT_EQ(Status().rounds_per_second(), 0);
  d.now += absl::Seconds(100);
  for (uint32_t r = 1; r <= 20; ++r) {
    d.now += absl::Milliseconds(250);
    Round(r);
  }
  EXPECT_DOUBLE_EQ(Status().rounds_per_second(), 2);
  d.now += absl::Seconds(30);
  EXPECT_DOUBLE_EQ(Status().rounds_per_second(), 4) << "then the length of the last round";
}

TEST_F(MonitorTest, Clients_WhatEachHasDone) {
  Round(1);
  d.Submit(1, 1, d.Words(1, 1));
  d.Report(kEve, 1, 0.75, 0.25, 10000);
  monitor.SetSoftware(0, std::string(100, 'x'));
  d.now += absl::Seconds(5);
  const v1::ListClientsResponse clients = Clients();
  ASSERT_EQ(clients.total(), 3U);
  const v1::Client& first = clients.clients(0);
  EXPECT_EQ(first.id(), "c0");
  EXPECT_EQ(first.role(), "trainer");
  EXPECT_EQ(first.rounds(), 1U);
  EXPECT_EQ(first.examples(), 100);
  EXPECT_EQ(first.bytes_up(), 50);
  EXPECT_EQ(first.last_loss(), 0.5);
  EXPECT_EQ(first.software(), std::string(64, 'x'));
  EXPECT_EQ(first.seen(), 5);
  EXPECT_TRUE(first.live());
  EXPECT_EQ(clients.clients(1).late(), 1U);
  EXPECT_EQ(clients.clients(2).role(), "evaluator");
  EXPECT_EQ(clients.clients(2).last_loss(), 0.25);
  d.now += absl::Hours(1);
  EXPECT_FALSE(Clients().clients(0).live());
}

TEST_F(MonitorTest, Clients_SortedAndInParts) {
  Round(1);
  d.Submit(1, 1, d.Words(1, 1));
  const auto ids = [](const v1::ListClientsResponse& response) {
    std::vector<std::string> found;
    for (const v1::Client& client : response.clients()) found.push_back(client.id());
    return found;
  };
  EXPECT_THAT(ids(Clients("late")), ElementsAre("c1", "c0", "eve"));
  d.now += absl::Seconds(1);
  d.Await(kEve, 0);
  EXPECT_THAT(ids(Clients("seen")), ElementsAre("eve", "c0", "c1"));
  EXPECT_THAT(ids(Clients("", 1, 1)), ElementsAre("c1"));
  EXPECT_EQ(Clients("", 1, 1).total(), 3U);
  EXPECT_THAT(ids(Clients("", 7)), testing::IsEmpty());
}

}  // namespace
}  // namespace seedfed

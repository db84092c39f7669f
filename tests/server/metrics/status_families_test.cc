#include "server/metrics/status_families.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "prometheus/text_serializer.h"
#include "tests/server/metrics/samples.h"

namespace seedfed {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;

Samples Exposed(const v1::Status& status) {
  std::vector<prometheus::MetricFamily> families;
  AppendStatusFamilies(status, families);
  return ParseSamples(prometheus::TextSerializer().Serialize(families));
}

TEST(StatusFamilies, FullStatus_IsExposedWhole) {
  v1::Status status;
  status.set_version("1.2.3");
  status.set_started(1.75e9);
  status.set_state("held");
  status.set_round(12);
  status.set_rounds(60);
  status.mutable_open_round()->set_round(13);
  status.mutable_open_round()->set_updates(4);
  status.mutable_open_round()->set_goal(10);
  status.mutable_open_round()->set_quorum(7);
  status.mutable_open_round()->set_age(2.5);
  status.mutable_clients()->set_trainers(20);
  status.mutable_clients()->set_live(15);
  status.mutable_clients()->set_evaluators(3);
  status.mutable_clients()->set_live_evaluators(1);
  status.mutable_clients()->set_needed(8);
  status.mutable_clients()->set_waiting_calls(11);
  status.mutable_traffic()->set_bytes_up(1e12 + 1);
  status.mutable_traffic()->set_bytes_down(2000);
  status.mutable_traffic()->set_fp32_bytes_up(3000);
  status.mutable_traffic()->set_fp32_bytes_down(4000);
  status.mutable_latest()->set_accuracy(0.875);
  status.mutable_latest()->set_loss(0.5);
  status.set_training_loss(0.25);

  const Samples expected = {
      {"seedfed_build_info{version=\"1.2.3\"}", 1},
      {"process_start_time_seconds", 1.75e9},
      {"seedfed_federation_state{state=\"collecting\"}", 0},
      {"seedfed_federation_state{state=\"waiting\"}", 0},
      {"seedfed_federation_state{state=\"held\"}", 1},
      {"seedfed_federation_state{state=\"publishing\"}", 0},
      {"seedfed_federation_state{state=\"finished\"}", 0},
      {"seedfed_round", 12},
      {"seedfed_rounds_planned", 60},
      {"seedfed_open_round_updates", 4},
      {"seedfed_open_round_goal", 10},
      {"seedfed_open_round_quorum", 7},
      {"seedfed_open_round_age_seconds", 2.5},
      {"seedfed_clients{role=\"trainer\",state=\"live\"}", 15},
      {"seedfed_clients{role=\"trainer\",state=\"away\"}", 5},
      {"seedfed_clients{role=\"evaluator\",state=\"live\"}", 1},
      {"seedfed_clients{role=\"evaluator\",state=\"away\"}", 2},
      {"seedfed_clients_needed", 8},
      {"seedfed_waiting_calls", 11},
      {"seedfed_received_bytes_total", 1e12 + 1},
      {"seedfed_sent_bytes_total", 2000},
      {"seedfed_fp32_equivalent_bytes_total{direction=\"up\"}", 3000},
      {"seedfed_fp32_equivalent_bytes_total{direction=\"down\"}", 4000},
      {"seedfed_model_accuracy_ratio", 0.875},
      {"seedfed_model_loss_nats", 0.5},
      {"seedfed_training_loss_nats", 0.25},
  };
  EXPECT_EQ(Exposed(status), expected);
}

TEST(StatusFamilies, NothingEvaluated_HasNoAccuracyRatherThanZero) {
  const Samples samples = Exposed(v1::Status());
  EXPECT_THAT(samples, Not(Contains(Key("seedfed_model_accuracy_ratio"))));
  EXPECT_THAT(samples, Not(Contains(Key("seedfed_model_loss_nats"))));
  EXPECT_THAT(samples, Not(Contains(Key("seedfed_training_loss_nats"))));
}

TEST(StatusFamilies, Finished_HasNoOpenRound) {
  v1::Status status;
  status.set_state("finished");
  const Samples samples = Exposed(status);
  EXPECT_THAT(samples, Not(Contains(Key("seedfed_open_round_age_seconds"))));
  EXPECT_EQ(samples.at("seedfed_federation_state{state=\"finished\"}"), 1);
}

}  // namespace
}  // namespace seedfed

// A thousand clients with real data, of whom a tenth is asked in each round and a fifth of those
// goes away.

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "client/core/local_round.h"
#include "client/core/seed_optimiser.h"
#include "client/data/idx.h"
#include "client/data/shard.h"
#include "client/trainer/mlp.h"
#include "tests/sim/ledger.h"
#include "tests/sim/sim_client.h"
#include "tests/sim/sim_server.h"
#include "tests/sim/world.h"

namespace seedfed {
namespace {

constexpr uint32_t kClients = 1000;
constexpr uint32_t kRounds = 25;
constexpr double kParticipation = 0.1;

absl::StatusOr<Dataset> Load(Split split, const TrainingPlan& plan) {
  absl::StatusOr<Dataset> data = LoadIdxFolder("/usr/share/datasets/fashion-mnist", split);
  if (!data.ok()) return data;
  const absl::Status status = data->set_normalisation(static_cast<float>(plan.input_mean),
                                                      static_cast<float>(plan.input_stddev));
  if (!status.ok()) return status;
  return data;
}

TEST(LargeFleet, ThousandClientsOfWhomAFifthDropsOutEachRound_Converges) {
  const FederationKey key = *FederationKey::Parse("1");
  ModelSpec spec;
  spec.layers = *MlpLayers("784-32-10", std::array<uint32_t, 1>{8});
  TrainingPlan plan;
  plan.learning_rate = {0.1, 0.1};
  plan.batch = 12;
  plan.samples = 0;
  const auto train = Load(Split::kTrain, plan);
  auto test = Load(Split::kTest, plan);
  ASSERT_TRUE(train.ok()) << train.status();
  ASSERT_TRUE(test.ok()) << test.status();

  const auto training = [&](const Session& session, uint32_t round) -> RoundUpdate {
    const uint32_t number = session.membership().client_number;
    const auto shard =
        IidShard(train->examples(), kClients, number, key.SubKey(Purpose::kSharding));
    const auto trainer = MlpTrainer::Create(spec.layers, train->Select(*shard));
    auto update = *TrainRound(session.model(), plan, key, number, **trainer, nullptr);
    return {round, std::move(update.words), update.examples, update.loss};
  };
  Faults faults;
  faults.drop_out = 0.2;
  faults.quiet_after = absl::InfiniteDuration();
  // About a hundred are asked, eighty stay, and the first seventy close the round.
  const RoundRules rules = {.rounds = kRounds,
                            .goal = 70,
                            .quorum = 40,
                            .min_clients = 100,
                            .deadline = absl::Seconds(30),
                            .poll = absl::Seconds(10),
                            .example_cap = 1000,
                            .participation = kParticipation};
  World world(7);
  Ledger ledger(spec, key);
  SimServer server(world, faults, rules, spec, key, ledger);
  server.Start();
  std::vector<std::unique_ptr<SimClient>> clients;
  for (uint32_t i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<SimClient>(world, faults, spec, key, "c" + std::to_string(i),
                                                  server, training, kParticipation));
    clients.back()->Start();
  }
  while (!server.finished() && world.now() < absl::Hours(1) && world.Step()) {
  }
  ASSERT_TRUE(server.finished());
  EXPECT_TRUE(ledger.violations().empty()) << ledger.violations().front();
  for (const RoundRecord& round : ledger.rounds()) {
    EXPECT_GE(round.updates, rules.quorum);
    EXPECT_LE(round.updates, rules.goal);
  }

  Model model = *Model::Create(spec, key);
  for (const RoundRecord& round : ledger.rounds())
    ASSERT_TRUE(model.Apply(round.round, round.words).ok());
  const auto evaluator = MlpTrainer::Create(spec.layers, *std::move(test));
  const auto evaluation = (*evaluator)->Evaluate(DenseWeights(model));
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  RecordProperty("accuracy", std::to_string(evaluation->accuracy));
  EXPECT_GT(evaluation->accuracy, 0.72);
}

}  // namespace
}  // namespace seedfed

// Every codec and mode, end to end: all processes agree on the model of every round.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> arguments;
  double update_bytes;
};

class Modes : public ::testing::TestWithParam<Case> {};

TEST_P(Modes, ThreeRounds_TrainAndAgree) {
  Federation federation(std::vector<std::string>{"--model", "784-32-10", "--samples", "640",
                                                 "--key", "7", "--clients", "2", "--shards", "2",
                                                 "--rounds", "3", "--exit-when-done"} +
                        GetParam().arguments);
  Process evaluator = federation.Evaluator();
  Process a = federation.Client("a"), b = federation.Client("b");
  for (Process* client : {&a, &b, &evaluator}) EXPECT_EQ(client->Wait(), 0) << client->Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  const auto rounds = federation.EvaluatedRounds();
  ASSERT_EQ(rounds.size(), 3U);
  EXPECT_EQ(rounds.at(3).fingerprint, federation.FinalFingerprint());
  EXPECT_EQ(rounds.at(3).bytes_down, GetParam().update_bytes);
  EXPECT_LE(rounds.at(3).bytes_up, GetParam().update_bytes + 60);
  // Ten classes: a network that learned nothing is right about one time in ten.
  EXPECT_GE(rounds.at(3).accuracy, 0.25);
  for (const Process* client : {&a, &b}) {
    EXPECT_NE(client->Output().find(federation.FinalFingerprint()), std::string::npos)
        << client->Output();
  }
}

// 784-32-10 with tiles of 8: 4 x 99 and 2 x 5 tiles.
INSTANTIATE_TEST_SUITE_P(
    All, Modes,
    ::testing::Values(Case{"Ensemble", {"--codec", "ensemble"}, 16 * (27 + 1)},
                      Case{"EnsembleFourBitPhases", {"--phase-bits", "4"}, 16 * (27 + 1)},
                      Case{"TilePerLayer", {"--tile", "16,4"}, 16 * (7 + 2)},
                      Case{"Single", {"--codec", "single"}, 16 * (396 + 10)},
                      Case{"Pure", {"--mode", "pure"}, 16 * (396 + 10)},
                      Case{"Dense", {"--codec", "dense"}, 4 * (785 * 32 + 33 * 10)},
                      Case{"Dirichlet", {"--alpha", "0.3"}, 16 * (27 + 1)}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace seedfed

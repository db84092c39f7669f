#include "cli/admin/rounds_text.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

void AddRound(v1::Rounds& rounds, uint32_t round, double updates) {
  rounds.add_round(round);
  rounds.add_training_loss(0.41234);
  rounds.add_updates(updates);
  rounds.add_late(0);
  rounds.add_refused(1);
  rounds.add_seconds(0.321);
  rounds.add_bytes_up(40'480);
}

v1::Rounds Example() {
  v1::Rounds rounds;
  rounds.set_stride(1);
  AddRound(rounds, 9, 10);
  AddRound(rounds, 1'000, 9);
  rounds.add_evaluated_round(1'000);
  rounds.add_accuracy(0.8638);
  rounds.add_evaluation_loss(0.37941);
  return rounds;
}

TEST(RoundsText, Rounds_AlignedWithUnits) {
  EXPECT_EQ(RoundsText(Example()),
            R"(round  accuracy    loss  train loss  updates  late  refused    time  bytes up
    9         -       -      0.4123       10     0        1  321 ms   40.5 kB
1,000    0.8638  0.3794      0.4123        9     0        1  321 ms   40.5 kB
)");
}

TEST(RoundsText, MeansOfSeveralRounds_SaidBelow) {
  v1::Rounds rounds = Example();
  rounds.set_stride(5);
  rounds.set_updates(0, 9.5);
  const std::string text = RoundsText(rounds);
  EXPECT_NE(text.find("      9.5     0"), std::string::npos) << text;
  EXPECT_NE(text.find("\nEach row: the mean of 5 rounds, the last of which it names.\n"),
            std::string::npos)
      << text;
}

TEST(CheckRounds, ColumnsOfDifferentLengths_Refused) {
  v1::Rounds rounds = Example();
  EXPECT_TRUE(CheckRounds(rounds).ok());
  rounds.add_late(1);
  EXPECT_EQ(CheckRounds(rounds).message(), "the server's rounds have columns of different lengths");
  rounds = Example();
  rounds.clear_accuracy();
  EXPECT_FALSE(CheckRounds(rounds).ok());
}

}  // namespace
}  // namespace seedfed

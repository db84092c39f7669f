// Small federations under attack: what the plain mean loses and a robust strategy keeps. The full
// table: tests/attacks.sh.

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/attacks/attacked_federation.h"

namespace seedfed {
namespace {

constexpr char kFolder[] = "/usr/share/datasets/fashion-mnist";
constexpr uint32_t kAttackers = 3;

ServerConfig Config(const std::string& strategy) {
  auto config = FederationConfig({"--model", "784-32-10", "--rounds", "6", "--clients", "10",
                                  "--shards", "10", "--samples", "512", "--key", "1", "--attackers",
                                  "3", "--aggregation", strategy});
  EXPECT_TRUE(config.ok()) << config.status();
  return *config;
}

class Robustness : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto examples = LoadExamples(kFolder, Config("mean"));
    ASSERT_TRUE(examples.ok()) << examples.status();
    examples_ = new Examples(*std::move(examples));
  }
  static void TearDownTestSuite() { delete examples_; }

  static AttackedFederation::Result Run(const std::string& strategy, Attack attack) {
    const ServerConfig config = Config(strategy);
    const auto result = AttackedFederation{config, *examples_, attack, kAttackers}.Run();
    EXPECT_TRUE(result.ok()) << result.status();
    return *result;
  }

  static double Accuracy(const std::string& strategy, Attack attack) {
    return Run(strategy, attack).accuracy;
  }

  static Examples* examples_;
};

Examples* Robustness::examples_ = nullptr;

// What the attackers cost a strategy, against honest members and the plain mean.
constexpr double kCollapse = 0.3;
constexpr double kKept = 0.05;

TEST_F(Robustness, NoAttack_CosineLearnsLikeTheMean) {
  const double clean = Accuracy("mean", Attack::kNone);
  EXPECT_GT(clean, 0.7);
  EXPECT_GT(Accuracy("cosine", Attack::kNone), clean - kKept);
}

TEST_F(Robustness, SignFlip_MeanCollapsesCosineDoesNot) {
  const double clean = Accuracy("mean", Attack::kNone);
  EXPECT_LT(Accuracy("mean", Attack::kSignFlip), clean - kCollapse);
  EXPECT_GT(Accuracy("cosine", Attack::kSignFlip), clean - kKept);
}

TEST_F(Robustness, FreeRidersWhoClaimManyExamples_MeanStandsStillCosineDoesNot) {
  const double clean = Accuracy("mean", Attack::kNone);
  EXPECT_LT(Accuracy("mean", Attack::kFreeRiderZero), clean - kCollapse);
  EXPECT_GT(Accuracy("cosine", Attack::kFreeRiderZero), clean - kKept);
}

TEST_F(Robustness, EveryAttack_SameBitsOnEveryThread) {
  for (const Attack attack : AllAttacks()) {
    Digest256 other_thread{};
    std::thread thread([&] { other_thread = Run("cosine", attack).fingerprint; });
    const Digest256 fingerprint = Run("cosine", attack).fingerprint;
    thread.join();
    EXPECT_EQ(fingerprint, other_thread) << AttackName(attack);
  }
}

}  // namespace
}  // namespace seedfed

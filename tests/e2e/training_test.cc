// The main job: a server process, ten client processes, Fashion-MNIST, accuracy on the test set.

#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

nlohmann::json Simulate(const TempFolder& folder, const std::vector<std::string>& arguments) {
  Process run("seedfed",
              std::vector<std::string>{"simulate", "--json", folder / "run.json", "--keep",
                                       folder / "run"} +
                  arguments,
              folder / "out.txt");
  EXPECT_EQ(run.Wait(240), 0) << run.Output();
  EXPECT_NE(run.Output().find("Test accuracy"), std::string::npos) << run.Output();
  return nlohmann::json::parse(ReadText(folder / "run.json"));
}

TEST(Training, TenClientsFiveRounds_LearnAtFourKilobytesARound) {
  const TempFolder folder;
  const auto json = Simulate(folder, {"--rounds", "5"});
  ASSERT_EQ(json.at("rounds").size(), 5U);
  for (const auto& round : json.at("rounds")) {
    EXPECT_LE(round.at("bytes_up"), 4200);
    EXPECT_GE(round.at("bytes_up"), 4016);
    EXPECT_EQ(round.at("bytes_down"), 4016);
  }
  EXPECT_GE(json.at("rounds").back().at("accuracy"), 0.82);
  EXPECT_EQ(json.at("model_fingerprint").get<std::string>().size(), 64U);
  EXPECT_EQ(json.at("base_checksum").get<std::string>().size(), 32U);
  EXPECT_EQ(ReadText(folder / "run/model.seedfed").substr(0, 8), "SEEDSNAP");
}

TEST(Training, OneKey_SameFingerprintTwice_AnotherKeyAnother) {
  const std::vector<std::string> small = {"--rounds",  "3",   "--clients", "4",
                                          "--samples", "256", "--model",   "784-32-10"};
  const auto fingerprint = [&](const std::string& key) {
    const TempFolder folder;
    return Simulate(folder, small + std::vector<std::string>{"--key", key})
        .at("model_fingerprint")
        .get<std::string>();
  };
  const std::string first = fingerprint("5");
  EXPECT_EQ(fingerprint("5"), first);
  EXPECT_NE(fingerprint("6"), first);
}

TEST(Training, CtrlC_StopsEverythingCleanly) {
  const TempFolder folder;
  Process run("seedfed",
              {"simulate", "--rounds", "1000", "--clients", "3", "--keep", folder / "run"},
              folder / "out.txt");
  ASSERT_TRUE(run.WaitForOutput("  2  ", 120)) << run.Output();
  run.Signal(SIGINT);
  EXPECT_EQ(run.Wait(30), 130) << run.Output();
  for (const char* log :
       {"run/logs/server.log", "run/logs/client-0.log", "run/logs/evaluator.log"}) {
    EXPECT_NE(ReadText(folder / log).find("stop"), std::string::npos)
        << log << ": " << ReadText(folder / log);
  }
}

}  // namespace
}  // namespace seedfed

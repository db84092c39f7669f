// The model taken out of a running federation, in every format, and run.

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

// A federation without end that trains in the background.
class Export : public ::testing::Test {
 protected:
  void Start(const std::vector<std::string>& arguments) {
    federation_.emplace(kSmallFederation + arguments +
                        std::vector<std::string>{"--clients", "2", "--shards", "2", "--rounds", "0",
                                                 "--input-mean", "0.25"});
    clients_.push_back(federation().Evaluator());
    clients_.push_back(federation().Client("a"));
    clients_.push_back(federation().Client("b"));
    ASSERT_TRUE(clients_[0].WaitForOutput("round 2")) << clients_[0].Output();
  }

  void Finish() {
    Seedfed({"finish", "--server", federation().address(), "--json"});
    for (Process& client : clients_) EXPECT_EQ(client.Wait(), 0) << client.Output();
    rounds_ = federation().EvaluatedRounds();
  }

  Federation& federation() { return *federation_; }
  std::string File(const std::string& name) { return federation().folder() / name; }

  // What the tool prints as JSON.
  nlohmann::json Seedfed(const std::vector<std::string>& arguments) {
    Process tool("seedfed", arguments, File("tool" + std::to_string(++runs_) + ".log"));
    EXPECT_EQ(tool.Wait(), 0) << tool.Output();
    return nlohmann::json::parse(tool.Output(), nullptr, false);
  }

  nlohmann::json ExportTo(const std::string& file) {
    return Seedfed({"export", "--server", federation().address(), "--to", File(file), "--json"});
  }

  nlohmann::json Predict(const std::vector<std::string>& source) {
    return Seedfed(std::vector<std::string>{"predict", "--data", kFashionMnist, "--json"} + source);
  }

  std::optional<Federation> federation_;
  std::vector<Process> clients_;
  std::map<int, Federation::Line> rounds_;
  int runs_ = 0;
};

TEST_F(Export, WhileItTrains_EveryFormatIsSomeRoundsModel) {
  Start({});
  std::map<std::string, nlohmann::json> exported;
  for (const char* file : {"m.safetensors", "m.npz", "m.seedfed", "m.words"}) {
    exported[file] = ExportTo(file);
  }
  Finish();
  for (const auto& [file, report] : exported) {
    const int round = report.at("round");
    ASSERT_EQ(rounds_.count(round), 1u) << file;
    EXPECT_EQ(report.at("fingerprint"), rounds_.at(round).fingerprint) << file;
    std::vector<std::string> source = {"--model", File(file)};
    // A snapshot does not say how inputs are normalised.
    if (file == "m.seedfed") source = source + std::vector<std::string>{"--input-mean", "0.25"};
    const nlohmann::json predicted = Predict(source);
    EXPECT_EQ(predicted.at("accuracy"), rounds_.at(round).accuracy) << file;
    EXPECT_EQ(predicted.at("round"), round) << file;
  }
  const nlohmann::json rebuilt = Seedfed(
      {"export", "--model", File("m.words"), "--to", File("rebuilt.safetensors"), "--json"});
  EXPECT_EQ(rebuilt.at("fingerprint"), exported.at("m.words").at("fingerprint"));
}

TEST_F(Export, AfterTheEnd_ServerStoreAndWordsAgree) {
  Start({});
  Finish();
  ASSERT_FALSE(rounds_.empty());
  const auto& [last, line] = *rounds_.rbegin();
  const nlohmann::json live = Predict({"--server", federation().address()});
  EXPECT_EQ(live.at("round"), last);
  EXPECT_EQ(live.at("accuracy"), line.accuracy);
  EXPECT_EQ(live.at("predictions").size(), 10000u);
  for (const char* file : {"m.safetensors", "m.npz", "m.seedfed", "m.words"}) {
    EXPECT_EQ(ExportTo(file).at("fingerprint"), line.fingerprint) << file;
  }
  const nlohmann::json from_store =
      Seedfed({"export", "--store", File("store"), "--to", File("store.seedfed"), "--json"});
  const nlohmann::json from_words =
      Seedfed({"export", "--model", File("m.words"), "--to", File("words.seedfed"), "--json"});
  EXPECT_EQ(ReadText(File("store.seedfed")), ReadText(File("m.seedfed")));
  EXPECT_EQ(ReadText(File("words.seedfed")), ReadText(File("m.seedfed")));
  const nlohmann::json earlier = Seedfed({"export", "--server", federation().address(), "--round",
                                          "2", "--to", File("earlier.seedfed"), "--json"});
  EXPECT_EQ(earlier.at("fingerprint"), rounds_.at(2).fingerprint);

  const std::string reader =
      std::string("python3 " SEEDFED_READ_EXPORT " ") + File("m.safetensors") + " " + File("m.npz");
  EXPECT_EQ(std::system(reader.c_str()), 0);

  federation().server().Signal(SIGTERM);
  EXPECT_EQ(federation().server().Wait(), 0);
  Process gone("seedfed", {"export", "--server", federation().address(), "--to", File("x.npz")},
               File("gone.log"));
  EXPECT_EQ(gone.Wait(), 1) << gone.Output();
}

TEST_F(Export, PureMode_WordsHoldNoKey) {
  Start({"--mode", "pure"});
  Finish();
  const nlohmann::json words = ExportTo("m.words");
  EXPECT_EQ(words.at("holds_key"), false);
  EXPECT_EQ(words.at("fingerprint"), rounds_.rbegin()->second.fingerprint);
  EXPECT_EQ(Predict({"--model", File("m.words")}).at("accuracy"),
            rounds_.rbegin()->second.accuracy);
}

}  // namespace
}  // namespace seedfed

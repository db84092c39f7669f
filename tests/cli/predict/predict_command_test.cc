#include "cli/predict_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/admin/fake_admin.h"
#include "tests/cli/command_outcome.h"
#include "tests/cli/model_source/example_models.h"
#include "tests/cli/predict/example_inputs.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

CommandOutcome PredictOf(const std::string& arguments) {
  return RunCommand(AddPredictCommand, "predict " + arguments);
}

class PredictCommandTest : public testing::Test {
 protected:
  const TempFolder folder_;
  const ExampleModel example_{Mode::kRolling, 2};
  const std::string model_ = folder_.Write("m.seedfed", example_.model.SaveSnapshot());
  // Six inputs and a label in column 0.
  const std::string table_ = folder_.Write("t.csv", "1,.1,.2,.3,.4,.5,.6\n2,0,0,1,0,0,0\n");
};

TEST_F(PredictCommandTest, Table_RowsAndSummary) {
  const CommandOutcome outcome =
      PredictOf("--model " + model_ + " --csv " + table_ + " --label-column 0 --rows 1");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("... 1 more"));
  EXPECT_THAT(outcome.out, HasSubstr("6-5-3, after round 2"));
  EXPECT_THAT(outcome.out, HasSubstr("Accuracy"));
}

TEST_F(PredictCommandTest, JsonAndOutput_AllPredictions) {
  const std::string csv = folder_ / "p.csv";
  const CommandOutcome outcome = PredictOf("--model " + model_ + " --csv " + table_ +
                                           " --label-column 0 --json --output " + csv);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const auto document = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(document["predictions"].size(), 2u);
  EXPECT_EQ(document["fingerprint"], ToHex(example_.model.fingerprint()));
  EXPECT_THAT(ReadFile(csv), HasSubstr("index,class,probability,label\n0,"));
  EXPECT_EQ(
      PredictOf("--model " + model_ + " --csv " + table_ + " --label-column 0 --output " + csv).err,
      "seedfed: " + csv + " is there already; --force replaces it\n");
}

TEST_F(PredictCommandTest, InSeeds_ThePredictionsOfTheWeights) {
  const ExampleModel pure(Mode::kPure, 1);
  const std::string arguments = "--model " + pure.WriteWords(folder_, pure.Header()) + " --csv " +
                                table_ + " --label-column 0 --json";
  const CommandOutcome weights = PredictOf(arguments), seeds = PredictOf(arguments + " --in-seeds");
  ASSERT_EQ(seeds.code, 0) << seeds.err;
  auto expected = nlohmann::json::parse(weights.out), document = nlohmann::json::parse(seeds.out);
  EXPECT_EQ(document["fingerprint"], expected["fingerprint"]);
  ASSERT_EQ(document["predictions"].size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    const auto& prediction = document["predictions"][i];
    EXPECT_EQ(prediction["class"], expected["predictions"][i]["class"]);
    EXPECT_NEAR(prediction["probability"].get<double>(),
                expected["predictions"][i]["probability"].get<double>(), 1e-5);
  }
  EXPECT_EQ(PredictOf("--in-seeds --model " + model_ + " --csv " + table_).code, 2);
}

TEST_F(PredictCommandTest, BadInput_ExitCodeTwoAndNoOutput) {
  const std::string csv = folder_ / "p.csv";
  const std::string with_model = "--model " + model_ + " --output " + csv + " ";
  EXPECT_EQ(PredictOf(with_model).code, 2);
  EXPECT_EQ(PredictOf(with_model + "--csv " + table_).code, 2);  // seven inputs
  EXPECT_EQ(
      PredictOf(with_model + "--csv " + folder_.Write("b.csv", "1,2,x,4,5,6\n").string()).code, 2);
  EXPECT_EQ(PredictOf("--model " + table_ + " --csv " + table_).code, 2);
  EXPECT_EQ(PredictOf("--model " + model_ + " --csv " + table_ + " --output p.txt").err,
            "seedfed: the output 'p.txt' does not end in .csv, .npy or .json\n");
  EXPECT_EQ(
      PredictOf("--model " + model_ + " --csv " + table_ + " --label-column 0 --input-stddev 0")
          .code,
      2);
  EXPECT_FALSE(std::filesystem::exists(csv));
}

TEST_F(PredictCommandTest, LiveServer_ItsModelAndItsNormalisation) {
  FakeAdmin server;
  v1::SnapshotChunk& chunk = server.model.emplace_back();
  chunk.set_data(example_.model.SaveSnapshot());
  chunk.set_total_bytes(chunk.data().size());
  server.description.mutable_training()->set_input_mean(0.5);
  server.description.mutable_training()->set_input_stddev(2);
  const std::string inputs = " --csv " + table_ + " --label-column 0 --json";
  const CommandOutcome live = PredictOf("--server " + server.address() + inputs);
  ASSERT_EQ(live.code, 0) << live.err;
  const CommandOutcome file =
      PredictOf("--model " + model_ + inputs + " --input-mean 0.5 --input-stddev 2");
  EXPECT_EQ(live.out, file.out);
  server.Die();
  EXPECT_EQ(PredictOf("--server " + server.address() + inputs).code, 1);
}

}  // namespace
}  // namespace seedfed

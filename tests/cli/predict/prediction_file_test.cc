#include "cli/predict/prediction_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "cli/tensor_files/open.h"
#include "cli/tensor_files/values.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

constexpr std::array<float, 2> kProbabilities = {0.25f, 0.75f};

// A file of `count` equal predictions of two classes.
std::string Written(const TempFolder& folder, PredictionFormat format, uint64_t count,
                    bool labelled) {
  const std::string path = folder / "out";
  auto file = CreatePredictionFile(OutputFile::Create(path).value(), format, 2, labelled,
                                   "\"model\":\"2-2\"")
                  .value();
  for (uint64_t i = 0; i < count; ++i) {
    Prediction prediction;
    prediction.index = i;
    prediction.predicted_class = 1;
    if (labelled) prediction.label = 0;
    prediction.probabilities = kProbabilities;
    EXPECT_TRUE(file->Add(prediction).ok());
  }
  PredictResult result;
  result.examples = count;
  EXPECT_TRUE(file->Finish(result, "\"examples\":" + std::to_string(count)).ok());
  return path;
}

TEST(PredictionFile, Csv_ALinePerExample) {
  const TempFolder folder;
  EXPECT_EQ(ReadFile(Written(folder, PredictionFormat::kCsv, 2, true)),
            "index,class,probability,label\n0,1,0.75,0\n1,1,0.75,0\n");
  EXPECT_EQ(ReadFile(Written(folder, PredictionFormat::kCsv, 1, false)),
            "index,class,probability\n0,1,0.75\n");
}

TEST(PredictionFile, Json_OneObject) {
  const TempFolder folder;
  const auto document =
      nlohmann::json::parse(ReadFile(Written(folder, PredictionFormat::kJson, 2, true)));
  EXPECT_EQ(document["model"], "2-2");
  EXPECT_EQ(document["examples"], 2);
  ASSERT_EQ(document["predictions"].size(), 2u);
  EXPECT_EQ(document["predictions"][1],
            (nlohmann::json{{"index", 1}, {"class", 1}, {"probability", 0.75}, {"label", 0}}));
}

TEST(PredictionFile, Npy_ProbabilitiesOfAllClasses) {
  const TempFolder folder;
  for (const uint64_t count : {1u, 20000u}) {
    const std::string path = Written(folder, PredictionFormat::kNpy, count, false);
    const auto reader = OpenTensors(InputFile::Open(path).value()).value();
    EXPECT_EQ(reader->tensors()[0].shape, (std::vector<uint64_t>{count, 2}));
    std::string bytes(8, '\0');
    ASSERT_TRUE(reader->Select(0).ok());
    ASSERT_TRUE(reader->Read(bytes).ok());
    std::array<float, 2> values;
    DecodeValues(DType::kF32, bytes, std::span<float>(values));
    EXPECT_EQ(values, kProbabilities);
  }
}

TEST(PredictionFormatOf, Extension_Decides) {
  EXPECT_EQ(PredictionFormatOf("a.csv").value(), PredictionFormat::kCsv);
  EXPECT_EQ(PredictionFormatOf("a.npy").value(), PredictionFormat::kNpy);
  EXPECT_EQ(PredictionFormatOf("a.json").value(), PredictionFormat::kJson);
  EXPECT_EQ(PredictionFormatOf("a.txt").status().message(),
            "the output 'a.txt' does not end in .csv, .npy or .json");
}

}  // namespace
}  // namespace seedfed

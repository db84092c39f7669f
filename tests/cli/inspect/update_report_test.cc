#include "cli/inspect/update_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <string>

#include "common/base/bytes.h"
#include "common/codec/single_word.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

std::string WordsOf(const ModelSpec& spec) {
  const absl::StatusOr<Model> model = Model::Create(spec, ExampleKey());
  EXPECT_TRUE(model.ok()) << model.status();
  return ExampleWords(*model, 1);
}

TEST(SpecOfUpdate, NoCodec_IsTheOneWhoseLengthFits) {
  for (const ModelSpec& example : {ExampleEnsemble(), ExampleSingle(), ExampleDense()}) {
    const auto spec = SpecOfUpdate(example.layers, std::nullopt, example.update_bytes());
    ASSERT_TRUE(spec.ok()) << spec.status();
    EXPECT_EQ(spec->codec, example.codec);
  }
}

TEST(SpecOfUpdate, NoLengthFits_NamesThemAll) {
  EXPECT_EQ(
      SpecOfUpdate(ExampleEnsemble().layers, std::nullopt, 17).status().message(),
      "an update of 20-13-5 with tile 4,4 has 48 (ensemble), 512 (single), 1372 (dense) bytes; "
      "these are 17");
  EXPECT_EQ(SpecOfUpdate(ExampleEnsemble().layers, Codec::kSingle, 48).status().message(),
            "an update of 20-13-5 with tile 4,4 has 512 (single) bytes; these are 48");
}

TEST(SpecOfUpdate, WrongTile_IsRefused) {
  EXPECT_EQ(SpecOfUpdate({{3, 7, 5}}, std::nullopt, 16).status().message(),
            "tile side 5 of layer 1 is not 4, 8, 16, 32, 64, 128 or 256");
}

TEST(SummariseUpdate, Ensemble_CountsWordsSeedsAndExponents) {
  const ModelSpec spec = ExampleEnsemble();
  const UpdateSummary summary = SummariseUpdate(spec, WordsOf(spec));
  EXPECT_TRUE(summary.valid.ok());
  ASSERT_EQ(summary.layers.size(), 2U);
  // 4 x 6 tiles in two words, 2 x 4 tiles in one: the words of docs/formats.md start with 05, 05
  // and 07.
  EXPECT_EQ(summary.layers[0].words, 2U);
  EXPECT_EQ(summary.layers[0].r.count(), 24U);
  EXPECT_EQ(summary.layers[0].exponent.min(), 5);
  EXPECT_EQ(summary.layers[0].exponent.max(), 5);
  EXPECT_EQ(summary.layers[1].words, 1U);
  EXPECT_EQ(summary.layers[1].r.count(), 8U);
  EXPECT_EQ(summary.layers[1].exponent.mean(), 7);
}

TEST(SummariseUpdate, ZeroWords_AreZeroSeeds) {
  const ModelSpec spec = ExampleEnsemble();
  const UpdateSummary summary = SummariseUpdate(spec, std::string(spec.update_bytes(), '\0'));
  EXPECT_EQ(summary.layers[0].zero_seeds, 24U);
  EXPECT_EQ(summary.layers[1].zero_seeds, 8U);
  EXPECT_EQ(summary.layers[1].r.max(), 0);
}

TEST(SummariseUpdate, Single_FirstWordThatIsNotValidIsNamed) {
  const ModelSpec spec = ExampleSingle();
  std::string bytes = WordsOf(spec);
  EXPECT_TRUE(SummariseUpdate(spec, bytes).valid.ok());
  bytes[16] =
      static_cast<char>(bytes[16] ^ 0x10);  // the code: any is taken, as the key is not known
  EXPECT_TRUE(SummariseUpdate(spec, bytes).valid.ok());
  bytes[31] = '\x7f';  // r of word 1
  const UpdateSummary summary = SummariseUpdate(spec, bytes);
  EXPECT_THAT(std::string(summary.valid.message()), HasSubstr("word 1 of layer 0: r is "));
  EXPECT_EQ(summary.layers[0].invalid, 1U);
  EXPECT_EQ(summary.layers[0].r.count(), 1U);
}

TEST(SummariseUpdate, Dense_StatisticsOfTheChanges) {
  const ModelSpec spec = ExampleDense();
  std::string bytes;
  for (int i = 0; i < 21; ++i) {
    AppendLittleEndian(std::bit_cast<uint32_t>(i == 4 ? std::numeric_limits<float>::infinity()
                                                      : static_cast<float>(i)),
                       bytes);
  }
  const UpdateSummary summary = SummariseUpdate(spec, bytes);
  EXPECT_THAT(std::string(summary.valid.message()), HasSubstr("weight 4 of layer 0: "));
  EXPECT_EQ(summary.layers[0].invalid, 1U);
  EXPECT_EQ(summary.layers[0].change.count(), 20U);
  EXPECT_EQ(summary.layers[0].change.max(), 20);
}

TEST(DigitsOfWord, CountsOverAllLayers) {
  const ModelSpec spec = ExampleEnsemble();
  const std::string bytes = WordsOf(spec);
  EXPECT_EQ(DigitsOfWord(spec, bytes, 2).value(), Hex(bytes.substr(32)));
  EXPECT_EQ(DigitsOfWord(spec, bytes, 3).status().message(),
            "--word 3 is not a word of this update; expected 0 to 2");
  EXPECT_EQ(DigitsOfWord(ExampleDense(), std::string(84, '\0'), 0).status().message(),
            "--word needs an update of words; this one is dense");
}

TEST(UpdateText, Ensemble_Golden) {
  const ModelSpec spec = ExampleEnsemble();
  EXPECT_EQ(UpdateText("words.bin", SummariseUpdate(spec, WordsOf(spec))),
            R"(Update words.bin: 48 bytes, ensemble codec, 20-13-5
Valid

layer  rows  cols  tiles  words  exponents  zero seeds                  r  mean r
    0    13    21     24      2     5 to 5           0  0.09263 to 0.6484   0.413
    1     5    14      8      1     7 to 7           0   0.1558 to 0.4674    0.37
)");
}

TEST(UpdateText, Single_SaysThatCodesAreNotChecked) {
  const ModelSpec spec = ExampleSingle();
  EXPECT_THAT(
      UpdateText("u", SummariseUpdate(spec, WordsOf(spec))),
      HasSubstr("Valid\nRotation codes are not checked: that needs the federation's key\n"));
}

TEST(UpdateJson, EveryCodec_HasItsStatistics) {
  const ModelSpec ensemble = ExampleEnsemble();
  const auto json = UpdateJson("u", SummariseUpdate(ensemble, WordsOf(ensemble)));
  EXPECT_EQ(json["kind"], "update");
  EXPECT_EQ(json["valid"], true);
  EXPECT_EQ(json["reason"], nullptr);
  EXPECT_EQ(json["codec"], "ensemble");
  EXPECT_EQ(json["bytes"], 48);
  EXPECT_EQ(json["model"]["weights"], 13 * 21 + 5 * 14);
  EXPECT_EQ(json["layers"][0]["exponent"]["max"], 5.0);
  EXPECT_EQ(json["layers"][1]["tiles"], 8);
  const ModelSpec dense = ExampleDense();
  const auto other = UpdateJson("u", SummariseUpdate(dense, WordsOf(dense)));
  EXPECT_TRUE(other["layers"][0].contains("change"));
  EXPECT_FALSE(other["layers"][0].contains("words"));
}

}  // namespace
}  // namespace seedfed

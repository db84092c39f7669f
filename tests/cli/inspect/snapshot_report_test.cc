#include "cli/inspect/snapshot_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

Model ModelAfter(const ModelSpec& spec, uint32_t rounds) {
  absl::StatusOr<Model> model = Model::Create(spec, ExampleKey());
  EXPECT_TRUE(model.ok()) << model.status();
  for (uint32_t round = 1; round <= rounds; ++round) {
    EXPECT_EQ(model->Apply(round, ExampleWords(*model, round)), absl::OkStatus());
  }
  return *std::move(model);
}

// Statistics of the model's own base, the slow way.
void ExpectSameWeights(const Model& model, const SnapshotSummary& summary) {
  ASSERT_EQ(summary.weights.size(), model.spec().layers.size());
  for (size_t l = 0; l < summary.weights.size(); ++l) {
    Statistics expected;
    for (const int32_t weight : model.base(l)) expected.Add(weight * model.spec().LayerUnit(l));
    EXPECT_EQ(summary.weights[l].count(), model.spec().layers[l].weights());
    EXPECT_EQ(summary.weights[l].min(), expected.min());
    EXPECT_EQ(summary.weights[l].max(), expected.max());
    EXPECT_EQ(summary.weights[l].mean(), expected.mean());
    EXPECT_EQ(summary.weights[l].stddev(), expected.stddev());
  }
}

TEST(SummariseSnapshot, EveryMode_HasTheModelsWeightsWithoutItsKey) {
  for (const ModelSpec& spec :
       {ExampleEnsemble(), ExampleSingle(), ExamplePure(), ExampleDense()}) {
    const Model model = ModelAfter(spec, 2);
    const std::string bytes = model.SaveSnapshot();
    const absl::StatusOr<SnapshotSummary> summary = SummariseSnapshot(bytes);
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->view.round, 2U);
    EXPECT_EQ(summary->base_checksum, model.BaseChecksum());
    ExpectSameWeights(model, *summary);
  }
}

TEST(SummariseSnapshot, Damaged_IsOneSentence) {
  std::string bytes = ModelAfter(ExampleEnsemble(), 1).SaveSnapshot();
  bytes[200] = static_cast<char>(bytes[200] ^ 1);
  EXPECT_EQ(SummariseSnapshot(bytes).status().message(),
            "the snapshot is damaged: its checksum does not match");
}

TEST(SummariseSnapshot, PureWithAWrongWord_NamesTheWord) {
  const std::string bytes = ModelAfter(ExamplePure(), 1).SaveSnapshot();
  std::string content = bytes.substr(0, bytes.size() - 16);
  content.back() = '\x7f';  // r of the last word
  const std::string changed = content + ToBytes(Blake2b128(content));
  EXPECT_THAT(std::string(SummariseSnapshot(changed).status().message()),
              HasSubstr("word 1 of layer 0: r is "));
}

TEST(SnapshotText, Golden) {
  const std::string bytes = ModelAfter(ExampleEnsemble(), 2).SaveSnapshot();
  EXPECT_EQ(SnapshotText("model.seedfed", SummariseSnapshot(bytes).value()),
            R"(Snapshot       model.seedfed
Version        1
Round          2
Model          20-13-5, 343 weights, ensemble codec, rolling mode, tile 4, 2 phase bits, gain 8
Fingerprint    a2163b920cb219e0f8b6f2618353ba450a2a4e410841dd2be64e274cbd59ff6f
Base checksum  6bf8e911affe69b487c9ce323b8373f2
File checksum  06fd1ae9a72d3cda716073e2516fe6e3, matches

Weights
layer  rows  cols  tile  tiles       min      max       mean       std
    0    13    21     4     24  -2.15125  2.18046  -0.029912  0.809321
    1     5    14     4      8  -1.63294  2.27031   0.099454  0.794068
)");
}

TEST(SnapshotJson, HasEverything) {
  const std::string bytes = ModelAfter(ExamplePure(), 2).SaveSnapshot();
  const auto json = SnapshotJson("m", SummariseSnapshot(bytes).value());
  EXPECT_EQ(json["kind"], "snapshot");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["round"], 2);
  EXPECT_EQ(json["fingerprint"],
            "06c5f467fa6593417d36f3cb2482a0b755bbf92225dd6a1f5bc6578f92cc7851");
  EXPECT_EQ(json["base_checksum"], "c8094ee82a8b72cb22fd69a05533097c");
  EXPECT_EQ(json["checksum_valid"], true);
  EXPECT_EQ(json["model"]["mode"], "pure");
  EXPECT_EQ(json["model"]["phase_bits"], 4);
  EXPECT_EQ(json["layers"][0]["tiles"], 2);
  EXPECT_TRUE(json["layers"][0]["std"].is_number());
}

TEST(ModelText, DifferentTiles_AreListed) {
  ModelSpec spec = ExampleEnsemble();
  spec.layers[1].tile = 8;
  EXPECT_THAT(ModelText(spec), HasSubstr("tile 4,8,"));
}

}  // namespace
}  // namespace seedfed

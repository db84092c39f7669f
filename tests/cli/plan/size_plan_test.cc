#include "cli/plan/size_plan.h"

#include <gtest/gtest.h>

#include <string>

namespace seedfed {
namespace {

std::string Refusal(const PlanArguments& arguments) {
  const absl::StatusOr<PlanRequest> request = MakePlanRequest(arguments);
  EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(request.status().message());
}

CodecSizes Sizes(const PlanArguments& arguments, Codec codec) {
  const absl::StatusOr<PlanRequest> request = MakePlanRequest(arguments);
  EXPECT_TRUE(request.ok()) << request.status();
  return ComputeSizes(*request, codec);
}

TEST(ParseWeights, NumbersAndSuffixes) {
  EXPECT_EQ(ParseWeights("1").value(), 1U);
  EXPECT_EQ(ParseWeights("235146").value(), 235'146U);
  EXPECT_EQ(ParseWeights("13e9").value(), 13'000'000'000U);
  EXPECT_EQ(ParseWeights("1.5e+6").value(), 1'500'000U);
  EXPECT_EQ(ParseWeights("13B").value(), 13'000'000'000U);
  EXPECT_EQ(ParseWeights("1.1M").value(), 1'100'000U);
  EXPECT_EQ(ParseWeights("2k").value(), 2'000U);
  EXPECT_EQ(ParseWeights("10T").value(), kMostPlannedWeights);
}

TEST(ParseWeights, Nonsense_IsRefused) {
  for (const char* text :
       {"", "0", "-1", "1.5", "nan", "inf", "0x10", "1e14", "1e999", "13X", "B", "1,000", " 1"}) {
    const absl::StatusOr<uint64_t> weights = ParseWeights(text);
    EXPECT_EQ(weights.status().message(),
              "--params '" + std::string(text) +
                  "' is not a whole number of weights from 1 to 1e13, such as 235146, 13e9 or 13B");
  }
}

// The update lengths of docs/formats.md.
TEST(ComputeSizes, DefaultModel_HasTheUpdatesOfItsFormat) {
  const std::string model = "784-256-128-10";
  EXPECT_EQ(Sizes({.model = model}, Codec::kEnsemble).update_bytes, 4'016U);
  EXPECT_EQ(Sizes({.model = model, .tile = "16"}, Codec::kEnsemble).update_bytes, 1'040U);
  EXPECT_EQ(Sizes({.model = model, .tile = "32"}, Codec::kEnsemble).update_bytes, 288U);
  EXPECT_EQ(Sizes({.model = model, .tile = "64"}, Codec::kEnsemble).update_bytes, 96U);
  EXPECT_EQ(Sizes({.model = model, .tile = "32,16,8"}, Codec::kEnsemble).update_bytes, 432U);
  EXPECT_EQ(Sizes({.model = model, .tile = "32"}, Codec::kSingle).update_bytes, 3'856U);
  EXPECT_EQ(Sizes({.model = model}, Codec::kDense).update_bytes, 940'584U);
}

TEST(ComputeSizes, ModelSpec_HasTheSameLengths) {
  for (const Codec codec : {Codec::kEnsemble, Codec::kSingle, Codec::kDense}) {
    const PlanRequest request = MakePlanRequest({.model = "99-33-7", .tile = "4,16"}).value();
    ModelSpec spec;
    spec.layers = request.layers;
    spec.codec = codec;
    EXPECT_EQ(ComputeSizes(request, codec).update_bytes, spec.update_bytes());
  }
}

TEST(ComputeSizes, WeightsWithoutShapes_FillTheirTiles) {
  const CodecSizes single = Sizes({.params = "13e9", .tile = "32"}, Codec::kSingle);
  EXPECT_EQ(single.tiles, 12'695'313U);  // 13e9 / 1,024 = 12,695,312.5
  EXPECT_EQ(single.words, 12'695'313U);
  EXPECT_EQ(single.update_bytes, 203'125'008U);
  const CodecSizes ensemble = Sizes({.params = "13e9", .tile = "32"}, Codec::kEnsemble);
  EXPECT_EQ(ensemble.words, 846'355U);  // 12,695,313 / 15 = 846,354.2
  EXPECT_EQ(ensemble.update_bytes, 13'541'680U);
}

TEST(ComputeSizes, Memory_FollowsFromWeightsTilesAndUpdates) {
  // One layer of 2 x 4: one tile of 4, one word.
  const CodecSizes words = Sizes({.model = "3-2", .tile = "4"}, Codec::kSingle);
  EXPECT_EQ(words.client_memory, 24U * 8 + 40 * 1 + 2 * 16);
  EXPECT_EQ(words.server_memory, 4U * 8 + 16 * 2 + 2 * 16);
  const CodecSizes dense = Sizes({.model = "3-2", .tile = "4"}, Codec::kDense);
  EXPECT_EQ(dense.client_memory, 28U * 8 + 2 * 32);
  EXPECT_EQ(dense.server_memory, 20U * 8 + 2 * 32);
}

TEST(MakePlanRequest, NeitherOrBoth_IsRefused) {
  const std::string sentence =
      "expected either --model (such as 784-256-128-10) or --params (such as 13e9)";
  EXPECT_EQ(Refusal({}), sentence);
  EXPECT_EQ(Refusal({.model = "3-2", .params = "6"}), sentence);
}

TEST(MakePlanRequest, NoCodec_MeansAll) {
  EXPECT_EQ(MakePlanRequest({.model = "3-2"})->codecs,
            (std::vector<Codec>{Codec::kEnsemble, Codec::kSingle, Codec::kDense}));
  EXPECT_EQ(MakePlanRequest({.model = "3-2", .codec = "single"})->codecs,
            std::vector<Codec>{Codec::kSingle});
}

TEST(MakePlanRequest, WrongValues_AreNamed) {
  EXPECT_EQ(Refusal({.model = "3-2", .tile = "7"}),
            "tile side 7 of layer 1 is not 4, 8, 16, 32, 64, 128 or 256");
  EXPECT_EQ(Refusal({.params = "5", .tile = "7"}),
            "tile side 7 of layer 1 is not 4, 8, 16, 32, 64, 128 or 256");
  EXPECT_EQ(Refusal({.model = "3-2", .tile = "8,x"}), "--tile 8,x: 'x' is not a number");
  EXPECT_EQ(Refusal({.params = "5", .tile = "8,8"}),
            "--tile 8,8 has 2 sides; expected 1 with --params, as the layers are not known");
  EXPECT_EQ(Refusal({.model = "3-2", .codec = "zip"}),
            "codec 'zip' is not ensemble, single or dense");
  EXPECT_EQ(Refusal({.model = "3-2", .phase_bits = 3}), "phase bits is 3; expected 2 or 4");
  EXPECT_EQ(Refusal({.model = "3-2", .nbiot_kbps = 0}),
            "--nbiot-kbps is 0; expected a rate from 0.001 to 1e9 kbit/s");
  EXPECT_EQ(Refusal({.model = "3-2", .link_kbps = -1}),
            "--link is -1; expected a rate from 0.001 to 1e9 kbit/s");
  EXPECT_EQ(Refusal({.model = "3"}), "model '3' is not a list of sizes such as 784-256-128-10");
}

}  // namespace
}  // namespace seedfed

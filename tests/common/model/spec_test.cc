#include "common/model/spec.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

ModelSpec Mlp(absl::string_view sizes, std::vector<uint32_t> tiles,
              Codec codec = Codec::kEnsemble) {
  ModelSpec spec;
  const auto layers = MlpLayers(sizes, tiles);
  EXPECT_TRUE(layers.ok()) << layers.status();
  if (layers.ok()) spec.layers = *layers;
  spec.codec = codec;
  return spec;
}

std::string ValidationOf(const ModelSpec& spec) {
  const absl::Status status = ValidateSpec(spec);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(LayerSpec, Tiles_CoverTheEdges) {
  const LayerSpec layer = {9, 16, 8};
  EXPECT_EQ(layer.weights(), 144U);
  EXPECT_EQ(layer.tile_rows(), 2U);
  EXPECT_EQ(layer.tile_cols(), 2U);
  EXPECT_EQ(layer.tiles(), 4U);
  EXPECT_EQ((LayerSpec{1, 2, 256}).tiles(), 1U);
  EXPECT_EQ((LayerSpec{257, 257, 256}).tiles(), 4U);
}

TEST(ModelSpec, UpdateBytes_OfThePublishedLayouts) {
  EXPECT_EQ(Mlp("784-256-128-10", {8}).update_bytes(), 4016U);
  EXPECT_EQ(Mlp("784-256-128-10", {16}).update_bytes(), 1040U);
  EXPECT_EQ(Mlp("784-256-128-10", {32}).update_bytes(), 288U);
  EXPECT_EQ(Mlp("784-256-128-10", {64}).update_bytes(), 96U);
  EXPECT_EQ(Mlp("784-256-128-10", {32, 16, 8}).update_bytes(), 432U);
  EXPECT_EQ(Mlp("784-256-128-10", {32}, Codec::kSingle).update_bytes(), 3856U);
  EXPECT_EQ(Mlp("784-256-128-10", {8}, Codec::kDense).update_bytes(), 940584U);
}

TEST(ModelSpec, Coordinates_AreTwoPerTileOrOnePerWeight) {
  EXPECT_EQ(ExampleEnsemble().coordinates(), 2U * (24 + 8));
  EXPECT_EQ(ExampleSingle().coordinates(), 4U);
  EXPECT_EQ(ExampleDense().coordinates(), 21U);
  EXPECT_EQ(ExampleEnsemble().weights(), 13U * 21 + 5 * 14);
}

TEST(ModelSpec, LayerGain_IsTheGainOverTheRootOfTheColumns) {
  const ModelSpec spec = Mlp("63-4-2", {8});
  EXPECT_EQ(spec.LayerGain(0), 1.0);
  EXPECT_EQ(spec.LayerUnit(0), 0x1p-24);
  EXPECT_EQ(spec.LayerGain(1), 8 / std::sqrt(5.0));
}

TEST(MlpLayers, Sizes_BecomeMatricesWithABiasColumn) {
  const auto layers = MlpLayers("784-256-10", std::array<uint32_t, 2>{32, 8});
  ASSERT_TRUE(layers.ok()) << layers.status();
  EXPECT_EQ(*layers, (std::vector<LayerSpec>{{256, 785, 32}, {10, 257, 8}}));
}

TEST(MlpLayers, BadText_IsRefusedWithThePart) {
  constexpr std::array<uint32_t, 1> kTile = {8};
  const auto message = [&](absl::string_view sizes) {
    return std::string(MlpLayers(sizes, kTile).status().message());
  };
  EXPECT_EQ(message(""), "model '': '' is not a layer size from 1 to 1048575");
  EXPECT_EQ(message("784--10"), "model '784--10': '' is not a layer size from 1 to 1048575");
  EXPECT_EQ(message("784-x-10"), "model '784-x-10': 'x' is not a layer size from 1 to 1048575");
  EXPECT_EQ(message("784-0-10"), "model '784-0-10': '0' is not a layer size from 1 to 1048575");
  EXPECT_EQ(message("1048576-10"),
            "model '1048576-10': '1048576' is not a layer size from 1 to 1048575");
  EXPECT_EQ(message("99999999999-10"),
            "model '99999999999-10': '99999999999' is not a layer size from 1 to 1048575");
  EXPECT_EQ(message("784"), "model '784' is not a list of sizes such as 784-256-128-10");
}

TEST(MlpLayers, WrongNumberOfTiles_IsRefusedWithBothNumbers) {
  EXPECT_EQ(MlpLayers("784-256-128-10", std::array<uint32_t, 2>{8, 8}).status().message(),
            "tile has 2 sides for 3 layers; expected 1 or 3");
  EXPECT_EQ(MlpLayers("784-10", {}).status().message(),
            "tile has 0 sides for 1 layers; expected 1 or 1");
}

TEST(DescribeLayers, ChainsAreSizesAndOthersAreShapes) {
  EXPECT_EQ(DescribeLayers(Mlp("784-256-128-10", {8}).layers), "784-256-128-10");
  EXPECT_EQ(DescribeLayers(std::array<LayerSpec, 2>{{{3, 7, 4}, {2, 9, 4}}}), "3x7,2x9");
}

TEST(Names, EveryCodecAndMode_ParsesBack) {
  for (const Codec codec : {Codec::kEnsemble, Codec::kSingle, Codec::kDense}) {
    EXPECT_EQ(*ParseCodec(CodecName(codec)), codec);
  }
  for (const Mode mode : {Mode::kRolling, Mode::kPure}) EXPECT_EQ(*ParseMode(ModeName(mode)), mode);
  EXPECT_EQ(ParseCodec("fp32").status(),
            absl::InvalidArgumentError("codec 'fp32' is not ensemble, single or dense"));
  EXPECT_EQ(ParseMode("Pure").status(),
            absl::InvalidArgumentError("mode 'Pure' is not rolling or pure"));
}

TEST(ValidateSpec, ExamplesAndLimits_AreTaken) {
  for (const ModelSpec& spec :
       {ExampleEnsemble(), ExampleSingle(), ExamplePure(), ExampleDense()}) {
    EXPECT_EQ(ValidateSpec(spec), absl::OkStatus());
  }
  ModelSpec spec = ExampleEnsemble();
  for (const uint32_t tile : {4U, 8U, 16U, 32U, 64U, 128U, 256U}) {
    spec.layers = {{1, 2, tile}, {1 << 20, 2, tile}, {1, 1 << 20, tile}};
    EXPECT_EQ(ValidateSpec(spec), absl::OkStatus());
  }
  spec.layers = {{1 << 15, 1 << 15, 8}};
  EXPECT_EQ(ValidateSpec(spec), absl::OkStatus());
  spec.layers.assign(1024, {1, 2, 4});
  EXPECT_EQ(ValidateSpec(spec), absl::OkStatus());
  for (const double gain : {0.0625, 1024.0}) {
    spec.gain = gain;
    EXPECT_EQ(ValidateSpec(spec), absl::OkStatus());
  }
}

TEST(ValidateSpec, EveryBrokenRule_IsNamedWithItsValue) {
  const auto with = [](auto change) {
    ModelSpec spec = ExampleEnsemble();
    change(spec);
    return ValidationOf(spec);
  };
  EXPECT_EQ(with([](ModelSpec& s) { s.layers.clear(); }),
            "the model has 0 layers; expected 1 to 1024");
  EXPECT_EQ(with([](ModelSpec& s) {
              s.layers.assign(1025, {1, 2, 4});
            }),
            "the model has 1025 layers; expected 1 to 1024");
  EXPECT_EQ(with([](ModelSpec& s) { s.layers[1].rows = 0; }),
            "layer 2 has 0 outputs; expected 1 to 1048576");
  EXPECT_EQ(with([](ModelSpec& s) { s.layers[0].rows = 1048577; }),
            "layer 1 has 1048577 outputs; expected 1 to 1048576");
  EXPECT_EQ(with([](ModelSpec& s) { s.layers[0].cols = 1; }),
            "layer 1 has 1 columns (inputs and bias); expected 2 to 1048576");
  EXPECT_EQ(with([](ModelSpec& s) { s.layers[0].cols = 1048577; }),
            "layer 1 has 1048577 columns (inputs and bias); expected 2 to 1048576");
  for (const uint32_t tile : {0U, 1U, 2U, 3U, 12U, 255U, 512U}) {
    EXPECT_EQ(
        with([tile](ModelSpec& s) { s.layers[1].tile = tile; }),
        "tile side " + std::to_string(tile) + " of layer 2 is not 4, 8, 16, 32, 64, 128 or 256");
  }
  EXPECT_EQ(with([](ModelSpec& s) {
              s.layers = {{1 << 15, 1 << 15, 8}, {1, 2, 4}};
            }),
            "the model has 1073741826 weights; expected at most 1073741824");
  EXPECT_EQ(with([](ModelSpec& s) { s.codec = static_cast<Codec>(0); }),
            "codec number 0 is not 1 (ensemble), 2 (single) or 3 (dense)");
  EXPECT_EQ(with([](ModelSpec& s) { s.mode = static_cast<Mode>(3); }),
            "mode number 3 is not 1 (rolling) or 2 (pure)");
  for (const uint32_t bits : {0U, 1U, 3U, 8U}) {
    EXPECT_EQ(with([bits](ModelSpec& s) { s.phase_bits = bits; }),
              "phase bits is " + std::to_string(bits) + "; expected 2 or 4");
  }
  EXPECT_EQ(with([](ModelSpec& s) { s.gain = 0; }),
            "gain is 0; expected a number from 0.0625 to 1024");
  EXPECT_EQ(with([](ModelSpec& s) { s.gain = -8; }),
            "gain is -8; expected a number from 0.0625 to 1024");
  EXPECT_EQ(with([](ModelSpec& s) { s.gain = 1025; }),
            "gain is 1025; expected a number from 0.0625 to 1024");
  EXPECT_EQ(with([](ModelSpec& s) { s.gain = std::nan(""); }),
            "gain is nan; expected a number from 0.0625 to 1024");
  EXPECT_EQ(with([](ModelSpec& s) { s.gain = std::numeric_limits<double>::infinity(); }),
            "gain is inf; expected a number from 0.0625 to 1024");
  EXPECT_EQ(
      with([](ModelSpec& s) { s.mode = Mode::kPure; }),
      "mode pure needs codec single (a seed that persists needs its precision), not ensemble");
}

TEST(SpecBytes, KnownSpecs_GiveKnownBytes) {
  EXPECT_EQ(Hex(SpecBytes(ExampleEnsemble())),
            "0100000001000000010000000200000000000000000020400200"
            "00000d0000001500000004000000050000000e00000004000000");
  EXPECT_EQ(Hex(SpecBytes(ExamplePure())),
            "01000000020000000200000004000000000000000000204001000000030000000700000004000000");
}

TEST(SpecBytes, EveryField_ChangesTheBytes) {
  const std::string bytes = SpecBytes(ExampleSingle());
  for (int field = 0; field < 7; ++field) {
    ModelSpec spec = ExampleSingle();
    if (field == 0) spec.codec = Codec::kDense;
    if (field == 1) spec.mode = Mode::kPure;
    if (field == 2) spec.phase_bits = 2;
    if (field == 3) spec.gain = std::nextafter(8.0, 9.0);
    if (field == 4) spec.layers[0].rows = 4;
    if (field == 5) spec.layers[0].cols = 8;
    if (field == 6) spec.layers[0].tile = 8;
    EXPECT_NE(SpecBytes(spec), bytes) << field;
  }
}

TEST(ConsumeSpecBytes, Spec_ComesBackAndTheRestStays) {
  for (const ModelSpec& spec :
       {ExampleEnsemble(), ExampleSingle(), ExamplePure(), ExampleDense()}) {
    const std::string bytes = SpecBytes(spec) + "rest";
    absl::string_view view = bytes;
    const auto found = ConsumeSpecBytes(view);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(*found, spec);
    EXPECT_EQ(view, "rest");
  }
}

TEST(ConsumeSpecBytes, EveryTruncation_IsRefused) {
  const std::string bytes = SpecBytes(ExampleEnsemble());
  for (size_t length = 0; length < bytes.size(); ++length) {
    absl::string_view view = absl::string_view(bytes).substr(0, length);
    EXPECT_EQ(ConsumeSpecBytes(view).status(),
              absl::InvalidArgumentError("the model specification is truncated"));
    EXPECT_EQ(view.size(), length);
  }
}

TEST(ConsumeSpecBytes, OtherVersionOrBrokenRule_IsNamed) {
  std::string bytes = SpecBytes(ExampleSingle());
  bytes[0] = 2;
  absl::string_view view = bytes;
  EXPECT_EQ(ConsumeSpecBytes(view).status().message(),
            "the model specification has version 2; expected 1");
  bytes[0] = 1;
  bytes[4] = 9;
  view = bytes;
  EXPECT_EQ(ConsumeSpecBytes(view).status().message(),
            "codec number 9 is not 1 (ensemble), 2 (single) or 3 (dense)");
}

TEST(ConsumeSpecBytes, HugeLayerCount_IsRefusedWithoutReadingOn) {
  std::string bytes = SpecBytes(ExampleSingle());
  for (int i = 24; i < 28; ++i) bytes[i] = '\xff';
  absl::string_view view = bytes;
  EXPECT_FALSE(ConsumeSpecBytes(view).ok());
}

}  // namespace
}  // namespace seedfed

#include "common/model/model.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/base/bytes.h"
#include "common/base/checksum.h"
#include "common/model/merge.h"
#include "gtest/gtest.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

std::vector<ModelSpec> AllExamples() {
  return {ExampleEnsemble(), ExampleSingle(), ExamplePure(), ExampleDense()};
}

Model MakeModel(const ModelSpec& spec) {
  absl::StatusOr<Model> model = Model::Create(spec, ExampleKey());
  EXPECT_TRUE(model.ok()) << model.status();
  return *std::move(model);
}

// All that Apply may change.
std::string StateOf(const Model& model) {
  return model.SaveSnapshot() + ToBytes(model.BaseChecksum()) + ToBytes(model.fingerprint()) +
         std::to_string(model.round());
}

struct KnownRounds {
  ModelSpec spec;
  std::string fingerprint[3];
  std::string base_checksum[3];
};

// Made by an independent computation in Python; docs/formats.md has the same values.
std::vector<KnownRounds> AllKnownRounds() {
  return {
      {ExampleEnsemble(),
       {"75f84ba633ae09f3e7146b574dd0c5eb5dfc6d236acf030d3fa6293084dbb9f7",
        "0780a6e7e3b8256ccd6947d800dad05a0ac2af121877aa9315fb7774be53359f",
        "a2163b920cb219e0f8b6f2618353ba450a2a4e410841dd2be64e274cbd59ff6f"},
       {"64d360ca75c3a112e730939c02cba172", "d81e93b4b9268bd0e28f7185059d3903",
        "6bf8e911affe69b487c9ce323b8373f2"}},
      {ExampleSingle(),
       {"591c34dfd14c89f6112d1a0c6f5ce60fc8c79b5555e832ffbf6a9b6813bf40da",
        "bb189d2d97069c649c5afe41021444c47bcca75ea43bb65b57794e15fa3f8b42",
        "6a4c6ebb0bdb3038a4bd11a233280eb9ad6ecb2f12ec25fb6903f69573451c59"},
       {"10e1f6e5b6fc48737c8c6039a336fc38", "c550ff3da3c823a1732c6419cceae1ab",
        "b86aa99ff9c522229cf97899bcefa51b"}},
      {ExamplePure(),
       {"b62aa24be62c9e16eba6a850e179f8431bd83acc2345b3679eb94ea9aaae9891",
        "ddab05bfe2ee709b0f62496d05909ccb80481727a6a53bd659fc363484e010e3",
        "06c5f467fa6593417d36f3cb2482a0b755bbf92225dd6a1f5bc6578f92cc7851"},
       {"c2d5ec480facf94623f7c2ca1f70690b", "1549206de66f8f645fbe28d630cbeb59",
        "c8094ee82a8b72cb22fd69a05533097c"}},
      {ExampleDense(),
       {"03917fa894e6c92fa64042ac08020a493021911961d22adb0506a3b6ba6d5da7",
        "b3b6e1d680709bbc249cafb8c9e4931f8c163287cfe4710bc57ce4555f879e55",
        "0b1b144029aef313d1f7d9431faea24ea10d2245f7e458c46ab8675dbb7029d7"},
       {"10e1f6e5b6fc48737c8c6039a336fc38", "fc4852aa870f15a5c05168e5f24973e4",
        "623f53f7266f33953706e0a7e26d19c2"}},
  };
}

TEST(Model, ExampleRounds_GiveKnownFingerprintsAndChecksums) {
  for (const KnownRounds& known : AllKnownRounds()) {
    Model model = MakeModel(known.spec);
    for (uint32_t round = 0; round < 3; ++round) {
      if (round > 0) {
        const std::string words = ExampleWords(model, round);
        const Digest256 next = model.NextFingerprint(words);
        ASSERT_EQ(model.Apply(round, words), absl::OkStatus());
        EXPECT_EQ(model.fingerprint(), next);
      }
      EXPECT_EQ(model.round(), round);
      EXPECT_EQ(ToHex(model.fingerprint()), known.fingerprint[round])
          << CodecName(known.spec.codec) << " " << ModeName(known.spec.mode) << " round " << round;
      EXPECT_EQ(ToHex(model.BaseChecksum()), known.base_checksum[round])
          << CodecName(known.spec.codec) << " " << ModeName(known.spec.mode) << " round " << round;
    }
  }
}

TEST(Model, InvalidSpec_IsRefused) {
  ModelSpec spec = ExampleEnsemble();
  spec.phase_bits = 3;
  EXPECT_EQ(Model::Create(spec, ExampleKey()).status(),
            absl::InvalidArgumentError("phase bits is 3; expected 2 or 4"));
}

TEST(Model, OtherKeyOrSpec_StartsElsewhere) {
  const auto other = Model::Create(ExampleEnsemble(), FederationKey());
  ASSERT_TRUE(other.ok()) << other.status();
  const Model model = MakeModel(ExampleEnsemble());
  EXPECT_NE(other->fingerprint(), model.fingerprint());
  EXPECT_NE(other->BaseChecksum(), model.BaseChecksum());
  // The phases change the meaning of the words but not the initial base.
  ModelSpec spec = ExampleEnsemble();
  spec.phase_bits = 4;
  const Model sixteen = MakeModel(spec);
  EXPECT_NE(sixteen.fingerprint(), model.fingerprint());
  EXPECT_EQ(sixteen.BaseChecksum(), model.BaseChecksum());
}

TEST(Model, BaseChecksum_IsTheChecksumOfTheWeightsLittleEndian) {
  const Model model = MakeModel(ExampleEnsemble());
  std::string bytes;
  for (size_t l = 0; l < 2; ++l) {
    for (const int32_t weight : model.base(l))
      AppendLittleEndian(static_cast<uint32_t>(weight), bytes);
  }
  EXPECT_EQ(model.BaseChecksum(), Checksum128(bytes));
}

TEST(Model, WrongRound_IsRefusedAndChangesNothing) {
  for (const ModelSpec& spec : AllExamples()) {
    Model model = MakeModel(spec);
    ASSERT_EQ(model.Apply(1, ExampleWords(model, 1)), absl::OkStatus());
    const std::string before = StateOf(model);
    for (const uint32_t round : {0U, 1U, 3U, 0xffffffffU}) {
      EXPECT_EQ(model.Apply(round, ExampleWords(model, 2)),
                absl::InvalidArgumentError("the words are of round " + std::to_string(round) +
                                           "; expected round 2"));
    }
    EXPECT_EQ(StateOf(model), before);
  }
}

TEST(Model, BadWords_AreRefusedAndChangeNothing) {
  for (const ModelSpec& spec : AllExamples()) {
    Model model = MakeModel(spec);
    const std::string before = StateOf(model);
    const std::string good = ExampleWords(model, 1);
    EXPECT_EQ(model.Apply(1, good.substr(1)).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(model.Apply(1, "").code(), absl::StatusCode::kInvalidArgument);
    if (spec.codec != Codec::kEnsemble) {
      // The last number becomes a NaN, after all others were decoded.
      std::string bad = good;
      for (size_t i = bad.size() - 4; i < bad.size(); ++i) bad[i] = '\xff';
      EXPECT_EQ(model.Apply(1, bad).code(), absl::StatusCode::kInvalidArgument);
    }
    EXPECT_EQ(StateOf(model), before);
    EXPECT_EQ(model.Apply(1, good), absl::OkStatus());
  }
}

TEST(Model, RollingApply_AddsToTheBaseUnderTheRoundsCodes) {
  for (const ModelSpec& spec : {ExampleEnsemble(), ExampleSingle(), ExampleDense()}) {
    Model model = MakeModel(spec);
    EXPECT_TRUE(model.seeds().empty());
    std::vector<std::vector<int32_t>> expected;
    for (size_t l = 0; l < spec.layers.size(); ++l) {
      expected.emplace_back(model.base(l).begin(), model.base(l).end());
    }
    for (uint32_t round = 1; round <= 3; ++round) {
      const std::string words = ExampleWords(model, round);
      const std::vector<int32_t> coordinates = *model.codec().Decode(words, round);
      ASSERT_EQ(model.Apply(round, words), absl::OkStatus());
      std::span<const int32_t> rest = coordinates;
      for (size_t l = 0; l < spec.layers.size(); ++l) {
        if (spec.codec == Codec::kDense) {
          MergeDense(rest.first(spec.layers[l].weights()), expected[l]);
        } else {
          const size_t count = 2 * spec.layers[l].tiles();
          MergeSeeds(spec.layers[l], spec.phase_bits, model.codec().Codes(l, round),
                     rest.first(count), expected[l]);
          rest = rest.subspan(count);
        }
        ASSERT_TRUE(std::ranges::equal(model.base(l), expected[l])) << "round " << round;
      }
    }
  }
}

TEST(Model, PureApply_MakesTheWordsTheModel) {
  const ModelSpec spec = ExamplePure();
  Model direct = MakeModel(spec), detour = MakeModel(spec);
  EXPECT_EQ(direct.seeds().size(), spec.coordinates());
  const std::string words = ExampleWords(direct, 2);
  ASSERT_EQ(direct.Apply(1, words), absl::OkStatus());
  ASSERT_EQ(detour.Apply(1, ExampleWords(detour, 7)), absl::OkStatus());
  ASSERT_EQ(detour.Apply(2, words), absl::OkStatus());
  EXPECT_EQ(direct.BaseChecksum(), detour.BaseChecksum());
  EXPECT_TRUE(std::ranges::equal(direct.seeds(), *direct.codec().Decode(words, 1)));
  EXPECT_NE(direct.fingerprint(), detour.fingerprint());
}

TEST(Model, EqualWords_GiveEqualModelsAndOtherWordsOtherFingerprints) {
  Model one = MakeModel(ExampleEnsemble()), two = MakeModel(ExampleEnsemble());
  for (uint32_t round = 1; round <= 5; ++round) {
    const std::string words = ExampleWords(one, round);
    ASSERT_EQ(one.Apply(round, words), absl::OkStatus());
    ASSERT_EQ(two.Apply(round, words), absl::OkStatus());
    ASSERT_EQ(StateOf(one), StateOf(two));
  }
  std::string words = ExampleWords(one, 6);
  ASSERT_EQ(one.Apply(6, words), absl::OkStatus());
  words.back() =
      static_cast<char>(words.back() ^ 1);  // an unused sub-seed: the base stays the same
  ASSERT_EQ(two.Apply(6, words), absl::OkStatus());
  EXPECT_EQ(one.BaseChecksum(), two.BaseChecksum());
  EXPECT_NE(one.fingerprint(), two.fingerprint());
}

}  // namespace
}  // namespace seedfed

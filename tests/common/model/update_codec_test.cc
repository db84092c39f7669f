#include "common/model/update_codec.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/bytes.h"
#include "common/codec/dense.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/single_word.h"
#include "common/codec/word.h"
#include "common/pattern/rotation.h"
#include "gtest/gtest.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

constexpr int32_t kOne = 1 << 30;

std::vector<ModelSpec> AllExamples() {
  return {ExampleEnsemble(), ExampleSingle(), ExamplePure(), ExampleDense()};
}

Dither ExampleDither() { return {ExampleKey().SubKey(Purpose::kDitherUp), 5}; }

TEST(UpdateCodec, Codes_RollByRoundOnlyInRollingMode) {
  const UpdateCodec rolling(ExampleSingle(), ExampleKey()), pure(ExamplePure(), ExampleKey());
  EXPECT_NE(rolling.Codes(0, 1), rolling.Codes(0, 2));
  EXPECT_EQ(pure.Codes(0, 1), pure.Codes(0, 2));
  EXPECT_EQ(pure.Codes(0, 9), rolling.Codes(0, 0));
  std::vector<uint32_t> expected(24);
  const UpdateCodec ensemble(ExampleEnsemble(), ExampleKey());
  TileCodes(ExampleKey().SubKey(Purpose::kCodes), 3, 1, std::span(expected).first(8));
  expected.resize(8);
  EXPECT_EQ(ensemble.Codes(1, 3), expected);
}

TEST(UpdateCodec, WrongLength_IsRefusedWithBothLengths) {
  const auto message = [](const ModelSpec& spec, size_t length) {
    return std::string(
        UpdateCodec(spec, ExampleKey()).Decode(std::string(length, '\0'), 1).status().message());
  };
  EXPECT_EQ(message(ExampleEnsemble(), 47),
            "the update has 47 bytes; the model's ensemble update has 48");
  EXPECT_EQ(message(ExampleEnsemble(), 0),
            "the update has 0 bytes; the model's ensemble update has 48");
  EXPECT_EQ(message(ExampleSingle(), 33),
            "the update has 33 bytes; the model's single update has 32");
  EXPECT_EQ(message(ExampleDense(), 85),
            "the update has 85 bytes; the model's dense update has 84");
}

TEST(UpdateCodec, BadSingleWord_IsNamedWithItsReason) {
  ModelSpec spec = ExampleSingle();
  spec.layers.push_back({9, 9, 4});  // nine tiles
  const UpdateCodec codec(spec, ExampleKey());
  std::string words = codec.Encode(ExampleCoordinates(spec, 1), 1, ExampleDither());
  ASSERT_TRUE(codec.Decode(words, 1).ok());
  StoreLittleEndian(std::bit_cast<uint32_t>(1.0F), words.data() + (2 + 4) * kWordBytes + 12);
  EXPECT_EQ(codec.Decode(words, 1).status(),
            absl::InvalidArgumentError(
                "word 4 of layer 2 is not valid: r is 1; expected a number in [0, 1)"));
}

TEST(UpdateCodec, WordsOfAnotherRound_AreRefusedByTheirCode) {
  const UpdateCodec codec(ExampleSingle(), ExampleKey());
  const std::string words =
      codec.Encode(ExampleCoordinates(ExampleSingle(), 1), 1, ExampleDither());
  const auto status = codec.Decode(words, 2).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message().substr(0, 55),
            "word 0 of layer 1 is not valid: the rotation code is 0x");
}

TEST(UpdateCodec, BadDenseNumber_IsNamedWithItsReason) {
  const UpdateCodec codec(ExampleDense(), ExampleKey());
  std::string words = codec.Encode(ExampleCoordinates(ExampleDense(), 1), 1, ExampleDither());
  StoreLittleEndian(std::bit_cast<uint32_t>(std::nanf("")), words.data() + 20 * 4);
  EXPECT_EQ(
      codec.Decode(words, 1).status(),
      absl::InvalidArgumentError("number 20 of layer 1 is not valid: a weight's change is nan; "
                                 "expected a finite number of size at most 193.518"));
}

// Every tile's points, by hand, with the dither drawn tile by tile.
TEST(UpdateCodec, EnsembleUpdate_IsTheWordsOfEveryFifteenTilesOfALayer) {
  const ModelSpec spec = ExampleEnsemble();
  const std::vector<int32_t> coordinates = ExampleCoordinates(spec, 1);
  const Dither dither = ExampleDither();
  std::string expected;
  size_t offset = 0;
  for (uint32_t l = 0; l < 2; ++l) {
    const size_t tiles = spec.layers[l].tiles();
    for (size_t first = 0; first < tiles; first += 15) {
      std::vector<Seed> seeds;
      std::vector<SubSeedDither> random;
      for (size_t t = first; t < std::min(first + 15, tiles); ++t) {
        seeds.push_back({coordinates[offset + 2 * t], coordinates[offset + 2 * t + 1]});
        const PhiloxBlock block =
            Philox4x32({static_cast<uint32_t>(t / 2), l, 9, dither.stream}, dither.key);
        random.push_back(t % 2 == 0 ? SubSeedDither{block[0], block[1]}
                                    : SubSeedDither{block[2], block[3]});
      }
      char bytes[kWordBytes];
      StoreWord(EncodeEnsemble(seeds, random), bytes);
      expected.append(bytes, kWordBytes);
    }
    offset += 2 * tiles;
  }
  const UpdateCodec codec(spec, ExampleKey());
  EXPECT_EQ(Hex(codec.Encode(coordinates, 9, dither)), Hex(expected));
  const auto decoded = codec.Decode(expected, 9);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const std::array<Seed, kSubSeeds> second = DecodeEnsemble(LoadWord(expected.data() + kWordBytes));
  for (size_t i = 0; i < 9; ++i) {
    EXPECT_EQ((*decoded)[30 + 2 * i], second[i].u);
    EXPECT_EQ((*decoded)[30 + 2 * i + 1], second[i].v);
  }
  EXPECT_EQ((*decoded)[48], DecodeEnsemble(LoadWord(expected.data() + 2 * kWordBytes))[0].u);
}

TEST(UpdateCodec, Dither_DependsOnRoundStreamAndKey) {
  const ModelSpec spec = ExampleEnsemble();
  const UpdateCodec codec(spec, ExampleKey());
  const std::vector<int32_t> coordinates = ExampleCoordinates(spec, 1);
  const Dither up = ExampleDither();
  std::set<std::string> words;
  words.insert(codec.Encode(coordinates, 1, up));
  words.insert(codec.Encode(coordinates, 1, up));
  EXPECT_EQ(words.size(), 1U);
  words.insert(codec.Encode(coordinates, 2, up));
  words.insert(codec.Encode(coordinates, 1, {up.key, 6}));
  words.insert(codec.Encode(coordinates, 1, {ExampleKey().SubKey(Purpose::kDitherDown), 5}));
  EXPECT_EQ(words.size(), 4U);
}

// Neighbouring tiles must not be rounded alike, or their errors would not cancel.
TEST(UpdateCodec, NeighbouringTiles_AreRoundedIndependently) {
  ModelSpec spec;
  spec.layers = {{256, 256, 4}};
  const UpdateCodec codec(spec, ExampleKey());
  std::vector<int32_t> coordinates(spec.coordinates());
  for (size_t t = 0; t < coordinates.size() / 2; ++t) {
    coordinates[2 * t] =
        t % 15 == 0 ? kOne : kOne / 14 * 7;  // r of 3.5 sevenths beside a tile that sets R = 1
  }
  const std::string words = codec.Encode(coordinates, 1, ExampleDither());
  int same = 0, pairs = 0;
  for (size_t word = 0; word < words.size(); word += kWordBytes) {
    for (size_t i = 2; i < 15; ++i) {
      const auto first = static_cast<uint8_t>(words[word + i]),
                 second = static_cast<uint8_t>(words[word + i + 1]);
      if (first >> 5 == 0 || second >> 5 == 0) continue;  // past the last tile
      same += first >> 5 == second >> 5 ? 1 : 0;
      ++pairs;
    }
  }
  EXPECT_NEAR(same, pairs / 2.0, 4 * std::sqrt(pairs / 4.0));
}

TEST(UpdateCodec, DecodeOfEncode_IsNear) {
  for (const ModelSpec& spec : AllExamples()) {
    const UpdateCodec codec(spec, ExampleKey());
    const std::vector<int32_t> coordinates = ExampleCoordinates(spec, 4);
    const auto decoded = codec.Decode(codec.Encode(coordinates, 4, ExampleDither()), 4);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    ASSERT_EQ(decoded->size(), coordinates.size());
    const double bound = spec.codec == Codec::kEnsemble ? 0x1p30 * 0.25 : 128;
    for (size_t i = 0; i < coordinates.size(); ++i) {
      EXPECT_LE(std::abs((*decoded)[i] - coordinates[i]), bound) << i;
    }
  }
}

TEST(UpdateCodec, ExtremeCoordinates_EncodeToValidUpdates) {
  for (const ModelSpec& spec : AllExamples()) {
    const UpdateCodec codec(spec, ExampleKey());
    for (const int32_t value : {kOne, -kOne, 0, 1, -1}) {
      const std::vector<int32_t> coordinates(spec.coordinates(), value);
      const auto decoded = codec.Decode(codec.Encode(coordinates, 1, ExampleDither()), 1);
      ASSERT_TRUE(decoded.ok()) << decoded.status();
      for (const int32_t c : *decoded) EXPECT_LE(std::abs(c), kOne);
    }
  }
}

TEST(UpdateCodec, RandomBytes_NeverCrashAndStayInTheCoordinateRange) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  for (const ModelSpec& spec : AllExamples()) {
    const UpdateCodec codec(spec, ExampleKey());
    for (int trial = 0; trial < 3000; ++trial) {
      const size_t length = trial % 4 == 0 ? random.Below(100) : spec.update_bytes();
      std::string bytes(length, '\0');
      for (char& byte : bytes) byte = static_cast<char>(random.Next());
      const auto decoded = codec.Decode(bytes, random.Next());
      if (!decoded.ok()) {
        EXPECT_EQ(decoded.status().code(), absl::StatusCode::kInvalidArgument);
        EXPECT_FALSE(decoded.status().message().empty());
        EXPECT_FALSE(spec.codec == Codec::kEnsemble && length == spec.update_bytes());
        continue;
      }
      EXPECT_EQ(length, spec.update_bytes());
      for (const int32_t c : *decoded) ASSERT_LE(std::abs(int64_t{c}), kOne);
    }
  }
}

TEST(UpdateCodec, ValidWordsWithOneDamagedBit_NeverCrash) {
  for (const ModelSpec& spec : AllExamples()) {
    const UpdateCodec codec(spec, ExampleKey());
    const std::string good = codec.Encode(ExampleCoordinates(spec, 1), 1, ExampleDither());
    for (size_t bit = 0; bit < good.size() * 8; ++bit) {
      std::string bad = good;
      bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << (bit % 8)));
      const auto decoded = codec.Decode(bad, 1);
      if (!decoded.ok()) continue;
      for (const int32_t c : *decoded) ASSERT_LE(std::abs(int64_t{c}), kOne);
    }
  }
}

}  // namespace
}  // namespace seedfed

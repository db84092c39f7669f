// The examples of docs/formats.md are what this code computes: every line "name = value" of its
// blocks marked `golden`.

#include <bit>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/base/rounding.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/single_word.h"
#include "common/cordic/cordic.h"
#include "common/model/plan.h"
#include "common/pattern/rotation.h"
#include "gtest/gtest.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

using Examples = std::map<std::string, std::string>;

Examples ReadPage() {
  std::ifstream page(FORMATS_PAGE);
  EXPECT_TRUE(page.is_open()) << FORMATS_PAGE;
  Examples examples;
  bool golden = false;
  for (std::string line; std::getline(page, line);) {
    if (line.substr(0, 3) == "```") {
      golden = line == "```golden";
    } else if (const size_t equals = line.find(" = "); golden && equals != std::string::npos) {
      EXPECT_TRUE(examples.emplace(line.substr(0, equals), line.substr(equals + 3)).second)
          << line.substr(0, equals) << " stands twice";
    } else {
      EXPECT_FALSE(golden) << "not an example: " << line;
    }
  }
  return examples;
}

template <size_t N>
std::string Lanes(const std::array<uint32_t, N>& lanes) {
  return absl::StrJoin(lanes, " ", [](std::string* out, uint32_t lane) {
    absl::StrAppend(out, absl::Hex(lane, absl::kZeroPad8));
  });
}

std::string Point(int64_t a, int64_t b) { return absl::StrCat(a, ",", b); }

std::string Phases(uint32_t code, uint32_t phase_bits) {
  std::array<uint8_t, 64> phases;
  TilePhases(code, phase_bits, phases);
  return absl::StrJoin(
      phases, "", [](std::string* out, uint8_t phase) { absl::StrAppend(out, absl::Hex(phase)); });
}

std::string WordHex(const Word& word) {
  char bytes[kWordBytes];
  StoreWord(word, bytes);
  return Hex(absl::string_view(bytes, kWordBytes));
}

std::string FirstWeights(const Model& model) { return absl::StrJoin(model.base(0).first(4), " "); }

void AddPieces(Examples& out) {
  out["key.decimal_258"] = ToHex(FederationKey::Parse("258")->bytes());
  const FederationKey key = ExampleKey();
  out["subkey.base"] = Lanes(key.SubKey(Purpose::kBase));
  out["subkey.codes"] = Lanes(key.SubKey(Purpose::kCodes));
  out["subkey.dither-up"] = Lanes(key.SubKey(Purpose::kDitherUp));
  out["subkey.dither-down"] = Lanes(key.SubKey(Purpose::kDitherDown));
  out["subkey.sampling"] = Lanes(key.SubKey(Purpose::kSampling));
  out["subkey.sharding"] = Lanes(key.SubKey(Purpose::kSharding));
  out["subkey.cohort"] = Lanes(key.SubKey(Purpose::kCohort));
  std::vector<uint32_t> cohort;
  for (uint32_t client = 0; client < 40; ++client) {
    if (TakesPart(key.SubKey(Purpose::kCohort), 0.25, 3, client)) cohort.push_back(client);
  }
  out["cohort.round3_quarter"] = absl::StrJoin(cohort, " ");
  constexpr uint32_t kOnes = 0xffffffff;
  out["philox.zero"] = Lanes(Philox4x32({0, 0, 0, 0}, {0, 0}));
  out["philox.ones"] = Lanes(Philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}));
  out["philox.pi"] =
      Lanes(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}));
  std::array<uint32_t, 6> codes;
  TileCodes(key.SubKey(Purpose::kCodes), 3, 1, codes);
  out["codes.round3_layer1"] = absl::StrJoin(codes, " ", [](std::string* text, uint32_t code) {
    absl::StrAppend(text, absl::Hex(code, absl::kZeroPad5));
  });
  PhiloxStream numbers({1, 2}, 3, 4, 5), bounded = numbers, order = numbers;
  out["stream.next"] = Lanes(std::array<uint32_t, 5>{numbers.Next(), numbers.Next(), numbers.Next(),
                                                     numbers.Next(), numbers.Next()});
  std::string& below = out["stream.below_3000000000"];
  for (int i = 0; i < 4; ++i)
    absl::StrAppend(&below, i == 0 ? "" : " ", bounded.Below(3000000000U));
  out["stream.permutation_12"] = absl::StrJoin(Permutation(12, order), " ");
  out["mean.of_7_with_1_and_minus_2_with_3"] = absl::StrCat(RoundHalfEvenDivide(7 * 1 - 2 * 3, 4));
  out["mean.of_3_with_1_and_minus_2_with_1"] = absl::StrCat(RoundHalfEvenDivide(3 - 2, 2));
  out["mean.of_minus_3_with_1_and_0_with_1"] = absl::StrCat(RoundHalfEvenDivide(-3 + 0, 2));
  out["phases.2bits"] = Phases(0xabcde, 2);
  out["phases.4bits"] = Phases(0xabcde, 4);

  std::string& cartesian = out["cordic.to_cartesian"];
  for (const Polar& polar :
       {Polar{1U << 29, 0x12345678}, Polar{(1U << 30) - 64, 1U << 29}, Polar{1000, 0xfedcba98}}) {
    const Cartesian point = ToCartesian(polar);
    absl::StrAppend(&cartesian, cartesian.empty() ? "" : " ", Point(point.x, point.y));
  }
  std::string& polars = out["cordic.to_polar"];
  for (const Cartesian& point :
       {Cartesian{-3, 7}, Cartesian{123456789, -987654321}, Cartesian{INT32_MIN, INT32_MIN}}) {
    const Polar polar = ToPolar(point);
    absl::StrAppend(&polars, polars.empty() ? "" : " ", Point(polar.r, polar.turns));
  }
}

void AddWords(Examples& out) {
  const Word ensemble = {0x27f8f0e8e000ff13, 0x9d6b61d7395c8a4f};
  out["ensemble.word"] = WordHex(ensemble);
  out["ensemble.points"] = absl::StrJoin(
      DecodeEnsemble(ensemble), " ",
      [](std::string* text, const Seed& seed) { absl::StrAppend(text, Point(seed.u, seed.v)); });
  const Word single = PackSingle({0.75F, -0.125F, 0xabcde});
  out["single.word"] = WordHex(single);
  const Seed point = *DecodeSingle(single, 0xabcde);
  out["single.point"] = Point(point.u, point.v);
  const Word encoded = EncodeSingle({123456789, -987654321}, 0x12345);
  out["single.word_of_point"] = WordHex(encoded);
  const Seed decoded = *DecodeSingle(encoded, 0x12345);
  out["single.point_of_word"] = Point(decoded.u, decoded.v);
  out["dense.unit_6_3"] =
      absl::StrFormat("%016x", std::bit_cast<uint64_t>(ExampleDense().LayerUnit(0)));
}

void AddRounds(const std::string& name, const ModelSpec& spec, Examples& out) {
  Model model = *Model::Create(spec, ExampleKey());
  out[name + ".spec"] = Hex(SpecBytes(spec));
  out[name + ".base0_first4"] = FirstWeights(model);
  for (uint32_t round = 0; round <= 2; ++round) {
    if (round > 0) {
      const std::string words = ExampleWords(model, round);
      ASSERT_EQ(model.Apply(round, words), absl::OkStatus());
      out[absl::StrCat(name, ".words", round)] = Hex(words);
    }
    out[absl::StrCat(name, ".base_checksum", round)] = ToHex(model.BaseChecksum());
    out[absl::StrCat(name, ".fingerprint", round)] = ToHex(model.fingerprint());
  }
  out[name + ".base2_first4"] = FirstWeights(model);
  const std::string snapshot = model.SaveSnapshot();
  if (spec.mode == Mode::kPure) {
    out[name + ".snapshot"] = Hex(snapshot);
  } else {
    out[name + ".snapshot_bytes"] = absl::StrCat(snapshot.size());
    out[name + ".snapshot_checksum"] =
        Hex(absl::string_view(snapshot).substr(snapshot.size() - 16));
  }
}

TEST(FormatsPage, EveryExample_IsWhatThisCodeComputes) {
  Examples computed;
  AddPieces(computed);
  AddWords(computed);
  AddRounds("ensemble", ExampleEnsemble(), computed);
  AddRounds("single", ExampleSingle(), computed);
  AddRounds("pure", ExamplePure(), computed);
  AddRounds("dense", ExampleDense(), computed);
  const Model pure = *Model::Create(ExamplePure(), ExampleKey());
  // The words lie before the checksum in a pure snapshot.
  const std::string snapshot = pure.SaveSnapshot();
  computed["pure.words0"] = Hex(absl::string_view(snapshot).substr(snapshot.size() - 48, 32));
  const UpdateCodec codec(ExampleEnsemble(), ExampleKey());
  computed["ensemble.words_up"] = Hex(codec.Encode(ExampleCoordinates(ExampleEnsemble(), 1), 1,
                                                   {ExampleKey().SubKey(Purpose::kDitherUp), 5}));
  const Examples page = ReadPage();
  for (const auto& [name, value] : computed) {
    const auto line = page.find(name);
    ASSERT_NE(line, page.end()) << "the page lacks " << name << " = " << value;
    EXPECT_EQ(line->second, value) << name;
  }
  for (const auto& [name, value] : page)
    EXPECT_EQ(computed.count(name), 1U) << "no one computes " << name;
}

}  // namespace
}  // namespace seedfed

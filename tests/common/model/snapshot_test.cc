#include "common/model/snapshot.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/base/bytes.h"
#include "common/model/model.h"
#include "gtest/gtest.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

std::vector<ModelSpec> AllExamples() {
  return {ExampleEnsemble(), ExampleSingle(), ExamplePure(), ExampleDense()};
}

Model ModelAfter(const ModelSpec& spec, uint32_t rounds) {
  absl::StatusOr<Model> model = Model::Create(spec, ExampleKey());
  EXPECT_TRUE(model.ok()) << model.status();
  for (uint32_t round = 1; round <= rounds; ++round) {
    EXPECT_EQ(model->Apply(round, ExampleWords(*model, round)), absl::OkStatus());
  }
  return *std::move(model);
}

// A snapshot whose parts can be changed; the checksum is made anew.
std::string WithContent(std::string content) { return content + ToBytes(Blake2b128(content)); }
std::string ContentOf(const Model& model) {
  const std::string bytes = model.SaveSnapshot();
  return bytes.substr(0, bytes.size() - 16);
}

std::string RefusalOf(absl::string_view bytes, const ModelSpec& spec) {
  const auto model = Model::FromSnapshot(bytes, spec, ExampleKey());
  EXPECT_EQ(model.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(model.status().message());
}

TEST(Snapshot, EveryMode_ComesBackAndGoesOnTheSame) {
  for (const ModelSpec& spec : AllExamples()) {
    for (const uint32_t rounds : {0U, 1U, 3U}) {
      Model model = ModelAfter(spec, rounds);
      const std::string bytes = model.SaveSnapshot();
      EXPECT_EQ(bytes.size(), model.snapshot_bytes());
      auto loaded = Model::FromSnapshot(bytes, spec, ExampleKey());
      ASSERT_TRUE(loaded.ok()) << loaded.status();
      EXPECT_EQ(loaded->round(), rounds);
      EXPECT_EQ(loaded->fingerprint(), model.fingerprint());
      EXPECT_EQ(loaded->BaseChecksum(), model.BaseChecksum());
      EXPECT_EQ(loaded->SaveSnapshot(), bytes);
      EXPECT_TRUE(std::ranges::equal(loaded->seeds(), model.seeds()));

      const std::string words = ExampleWords(model, rounds + 1);
      ASSERT_EQ(model.Apply(rounds + 1, words), absl::OkStatus());
      ASSERT_EQ(loaded->Apply(rounds + 1, words), absl::OkStatus());
      EXPECT_EQ(loaded->SaveSnapshot(), model.SaveSnapshot());
    }
  }
}

// Made by an independent computation in Python; docs/formats.md has the same bytes.
TEST(Snapshot, PureExample_HasKnownBytes) {
  EXPECT_EQ(Hex(ModelAfter(ExamplePure(), 2).SaveSnapshot()),
            "53454544534e4150010000000200000006c5f467fa6593417d36f3cb2482a0b755bbf92225dd6a1f5bc657"
            "8f92cc7851"
            "01000000020000000200000004000000000000000000204001000000030000000700000004000000"
            "33ef64ed9909185f54c2ccbe0e30be3e07f5949e744d41795cd822be7682f23e"
            "36faa8f2763aaa537d62104cd96fbba1");
}

TEST(Snapshot, EveryFlippedByte_IsRefused) {
  for (const ModelSpec& spec : AllExamples()) {
    const std::string good = ModelAfter(spec, 2).SaveSnapshot();
    for (size_t i = 0; i < good.size(); ++i) {
      for (const int flip : {0x01, 0x80, 0xff}) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ flip);
        ASSERT_FALSE(Model::FromSnapshot(bad, spec, ExampleKey()).ok()) << "byte " << i;
      }
    }
  }
}

TEST(Snapshot, EveryTruncationAndExtension_IsRefused) {
  for (const ModelSpec& spec : AllExamples()) {
    const std::string good = ModelAfter(spec, 2).SaveSnapshot();
    for (size_t length = 0; length < good.size(); ++length) {
      ASSERT_FALSE(
          Model::FromSnapshot(absl::string_view(good).substr(0, length), spec, ExampleKey()).ok())
          << length;
    }
    EXPECT_FALSE(Model::FromSnapshot(good + '\0', spec, ExampleKey()).ok());
  }
}

TEST(Snapshot, Damage_IsNamed) {
  const ModelSpec spec = ExampleSingle();
  const std::string good = ModelAfter(spec, 1).SaveSnapshot();
  EXPECT_EQ(RefusalOf("", spec), "these bytes are not a seedfed snapshot");
  EXPECT_EQ(RefusalOf(std::string(500, 'x'), spec), "these bytes are not a seedfed snapshot");
  EXPECT_EQ(RefusalOf(good.substr(0, 63), spec), "these bytes are not a seedfed snapshot");
  std::string bad = good;
  bad[8] = 2;
  EXPECT_EQ(RefusalOf(bad, spec), "the snapshot has version 2; expected 1");
  bad = good;
  bad[100] = static_cast<char>(bad[100] ^ 1);
  EXPECT_EQ(RefusalOf(bad, spec), "the snapshot is damaged: its checksum does not match");
  EXPECT_EQ(RefusalOf(good.substr(0, good.size() - 1), spec),
            "the snapshot is damaged: its checksum does not match");
}

TEST(Snapshot, PayloadOfTheWrongLengthWithAGoodChecksum_IsNamed) {
  const ModelSpec spec = ExampleSingle();
  const std::string content = ContentOf(ModelAfter(spec, 1));
  EXPECT_EQ(RefusalOf(WithContent(content + "1234"), spec),
            "the snapshot has 88 bytes of model; expected 84");
  EXPECT_EQ(RefusalOf(WithContent(content.substr(0, content.size() - 1)), spec),
            "the snapshot has 83 bytes of model; expected 84");
  EXPECT_EQ(RefusalOf(WithContent(content.substr(0, 48 + 39)), spec),
            "the model specification is truncated");
}

TEST(Snapshot, PureWordsThatAreNotValid_AreNamed) {
  const ModelSpec spec = ExamplePure();
  std::string content = ContentOf(ModelAfter(spec, 1));
  StoreLittleEndian(std::bit_cast<uint32_t>(0.5F), content.data() + content.size() - 8);
  EXPECT_EQ(
      RefusalOf(WithContent(content), spec),
      "word 1 of layer 1 is not valid: theta is 0.5; expected a number of turns in [-0.5, 0.5)");
}

TEST(Snapshot, PureWordsOfAnotherKey_AreRefusedByTheirCodes) {
  const std::string bytes = ModelAfter(ExamplePure(), 1).SaveSnapshot();
  const auto model = Model::FromSnapshot(bytes, ExamplePure(), FederationKey());
  EXPECT_EQ(model.status().message().substr(0, 55),
            "word 0 of layer 1 is not valid: the rotation code is 0x");
}

TEST(Snapshot, AnotherSpec_IsNamed) {
  const std::string bytes = ModelAfter(ExampleSingle(), 1).SaveSnapshot();
  EXPECT_EQ(RefusalOf(bytes, ExampleEnsemble()),
            "the snapshot is of another model: 6-3 with single words; expected 20-13-5 with "
            "ensemble words, "
            "the same tiles, phases, gain and mode");
  for (int field = 0; field < 4; ++field) {
    ModelSpec spec = ExampleSingle();
    if (field == 0) spec.layers[0].tile = 8;
    if (field == 1) spec.phase_bits = 2;
    if (field == 2) spec.gain = 4;
    if (field == 3) spec.mode = Mode::kPure;
    EXPECT_EQ(RefusalOf(bytes, spec).substr(0, 33), "the snapshot is of another model:");
  }
}

TEST(Snapshot, RandomBytesWithAGoodChecksum_NeverCrash) {
  PhiloxStream random({1, 2}, 0, 0, 0);
  for (const ModelSpec& spec : AllExamples()) {
    const std::string content = ContentOf(ModelAfter(spec, 1));
    for (int trial = 0; trial < 2000; ++trial) {
      std::string bad =
          content.substr(0, 8 + random.Below(static_cast<uint32_t>(content.size()) - 7));
      const size_t flips = 1 + random.Below(4);
      for (size_t i = 0; i < flips; ++i) {
        bad[random.Below(static_cast<uint32_t>(bad.size()))] = static_cast<char>(random.Next());
      }
      const auto model = Model::FromSnapshot(WithContent(bad), spec, ExampleKey());
      if (!model.ok()) {
        EXPECT_FALSE(model.status().message().empty());
      }
    }
  }
}

TEST(ReadSnapshot, EveryMode_TellsItsSpecAndParts) {
  for (const ModelSpec& spec : AllExamples()) {
    const Model model = ModelAfter(spec, 2);
    const std::string bytes = model.SaveSnapshot();
    const absl::StatusOr<SnapshotView> view = ReadSnapshot(bytes);
    ASSERT_TRUE(view.ok()) << view.status();
    EXPECT_EQ(view->version, 1U);
    EXPECT_EQ(view->round, 2U);
    EXPECT_EQ(view->fingerprint, model.fingerprint());
    EXPECT_EQ(view->spec, spec);
    EXPECT_EQ(ToBytes(view->checksum), bytes.substr(bytes.size() - 16));
    EXPECT_EQ(view->payload.data() + view->payload.size(), bytes.data() + bytes.size() - 16);
    EXPECT_EQ(view->payload.size(),
              spec.mode == Mode::kPure ? spec.update_bytes() : 4 * spec.weights());
  }
}

TEST(ReadSnapshot, DamagedOrTruncated_IsRefused) {
  const std::string bytes = ModelAfter(ExamplePure(), 1).SaveSnapshot();
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(ReadSnapshot(changed).ok()) << i;
    EXPECT_FALSE(ReadSnapshot(absl::string_view(bytes).substr(0, i)).ok()) << i;
  }
}

}  // namespace
}  // namespace seedfed

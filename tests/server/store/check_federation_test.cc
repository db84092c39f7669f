#include <gtest/gtest.h>

#include <string>

#include "server/store/store.h"
#include "tests/server/store/records.h"

namespace seedfed {
namespace {

constexpr char kAdvice[] = "; use another folder, or the settings it was made with";

std::string Refusal(const FederationRecord& stored, const ModelSpec& spec) {
  const absl::Status status = CheckFederation(stored, spec, std::nullopt, "DIR");
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  return Sentence(status);
}

FederationRecord Default() {
  FederationRecord record;
  const uint32_t tile = 8;
  record.spec.layers = MlpLayers("4-3-2", {&tile, 1}).value();
  record.key = FederationKey::Parse("5").value();
  return record;
}

TEST(CheckFederation, SameSpec_IsAccepted) {
  const FederationRecord stored = Default();
  EXPECT_TRUE(CheckFederation(stored, stored.spec, std::nullopt, "DIR").ok());
  EXPECT_TRUE(CheckFederation(stored, stored.spec, stored.key, "DIR").ok());
}

TEST(CheckFederation, EachDifferenceOfTheSpec_IsNamed) {
  const FederationRecord stored = Default();
  const std::string start = "the store DIR belongs to a federation with ";

  ModelSpec spec = stored.spec;
  spec.layers.pop_back();
  EXPECT_EQ(Refusal(stored, spec), start + "model 4-3-2, not 4-3" + kAdvice);
  spec = stored.spec;
  spec.codec = Codec::kDense;
  EXPECT_EQ(Refusal(stored, spec), start + "codec ensemble, not dense" + kAdvice);
  spec = stored.spec;
  spec.mode = Mode::kPure;
  EXPECT_EQ(Refusal(stored, spec), start + "mode rolling, not pure" + kAdvice);
  spec = stored.spec;
  spec.layers[1].tile = 16;
  EXPECT_EQ(Refusal(stored, spec), start + "tile sides 8,8, not 8,16" + kAdvice);
  spec = stored.spec;
  spec.phase_bits = 4;
  EXPECT_EQ(Refusal(stored, spec), start + "phase bits 2, not 4" + kAdvice);
  spec = stored.spec;
  spec.gain = 7.5;
  EXPECT_EQ(Refusal(stored, spec), start + "gain 8, not 7.5" + kAdvice);
}

TEST(CheckFederation, AnotherKey_IsRefusedWithoutPrintingIt) {
  const FederationRecord stored = Default();
  const absl::Status status =
      CheckFederation(stored, stored.spec, FederationKey::Parse("6").value(), "DIR");
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(Sentence(status),
            "the store DIR belongs to a federation with another key; use another folder, or leave "
            "the key out");
}

}  // namespace
}  // namespace seedfed

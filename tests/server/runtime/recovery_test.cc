#include "server/runtime/recovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "tests/server/core/core_fixture.h"
#include "tests/server/store/fake_store.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

class CountingRandom final : public RandomSource {
 public:
  void Fill(std::span<uint8_t> out) override {
    for (uint8_t& byte : out) byte = ++next_;
  }

 private:
  uint8_t next_ = 0;
};

ServerConfig SmallConfig() {
  ServerConfig config;
  config.model = SmallSpec();
  config.key = TestKey();
  config.clients = config.quorum = config.min_clients = 2;
  config.example_cap = 1000;
  config.rounds = 10;
  config.snapshot_every = 3;
  return config;
}

absl::StatusOr<OpenedFederation> Open(Store& store, const ServerConfig& config) {
  CountingRandom random;
  return OpenFederation(store, config, random, absl::ZeroDuration());
}

// Runs `rounds` rounds on the store, as a server would.
Digest256 RunRounds(Store& store, uint32_t rounds) {
  auto opened = Open(store, SmallConfig());
  EXPECT_TRUE(opened.ok()) << opened.status();
  FederationCore& core = opened->core;
  const std::string id = ToBytes(opened->record.id);
  CallId call = 0;
  const auto run = [&](Effects effects) {
    while (!effects.persist.empty()) {
      EXPECT_TRUE(store.Commit(effects.persist).ok());
      effects = core.Durable(effects.ticket, absl::ZeroDuration());
    }
  };
  for (const char* name : {"c0", "c1"}) run(core.Join(++call, name, false, absl::ZeroDuration()));
  for (uint32_t i = 0; i < rounds; ++i) {
    const uint32_t round = core.round() + 1;
    for (uint32_t c = 0; c < 2; ++c) {
      std::vector<int32_t> coordinates(core.codec().spec().coordinates(), 1000 * (c + 1));
      const std::string words = core.codec().Encode(coordinates, round, {{c, round}, c});
      run(core.Submit(++call, {id, c},
                      {round, 10, 0.5F, 60, words, core.codec().Check(words, round)},
                      absl::ZeroDuration()));
    }
  }
  return core.model().fingerprint();
}

TEST(Recovery, NewStore_MakesAFederationWithARandomId) {
  FakeStore store;
  const auto opened = Open(store, SmallConfig());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->record.id[0], 1);
  EXPECT_EQ(opened->record.key, TestKey());
  EXPECT_EQ(store.Load()->federation, opened->record);
}

TEST(Recovery, NoKeyGiven_RandomKeyThatStays) {
  FakeStore store;
  ServerConfig config = SmallConfig();
  config.key.reset();
  const auto first = Open(store, config);
  const auto second = Open(store, config);
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok());
  EXPECT_NE(first->record.key, FederationKey());
  EXPECT_EQ(first->record, second->record);
}

TEST(Recovery, RestartAtAnyRound_SameFingerprintAsWithout) {
  FakeStore undisturbed;
  const Digest256 expected = RunRounds(undisturbed, 8);
  for (uint32_t at = 1; at < 8; ++at) {
    FakeStore store;
    RunRounds(store, at);
    EXPECT_EQ(RunRounds(store, 8 - at), expected) << "restarted after round " << at;
  }
}

TEST(Recovery, OtherModelOrKey_Refused) {
  FakeStore store;
  ASSERT_TRUE(Open(store, SmallConfig()).ok());
  ServerConfig other = SmallConfig();
  other.model.layers[0].tile = 16;
  EXPECT_EQ(Open(store, other).status().code(), absl::StatusCode::kFailedPrecondition);
  other = SmallConfig();
  other.key = *FederationKey::Parse("43");
  EXPECT_EQ(Open(store, other).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Recovery, RoundThatDoesNotLeadToItsFingerprint_DataLoss) {
  FakeStore store;
  ASSERT_TRUE(Open(store, SmallConfig()).ok());
  RoundRecord wrong;
  wrong.round = 1;
  wrong.words = std::string(SmallSpec().update_bytes(), '\0');
  wrong.updates = 1;
  ASSERT_TRUE(store.Commit(std::vector<Write>{wrong}).ok());
  const auto status = Open(store, SmallConfig()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("fingerprint of round 1"));
}

TEST(SnapshotInterval, AsConfiguredForSmallModels_FewerRoundsForBigOnes) {
  ModelSpec spec;
  spec.layers = {{10, 785, 8}};
  EXPECT_EQ(SnapshotInterval(100, spec), 100U);
  EXPECT_EQ(SnapshotInterval(0, spec), 0U);
  spec.layers = {{2500, 4000, 8}};
  EXPECT_EQ(SnapshotInterval(100, spec), 25U);
  EXPECT_EQ(SnapshotInterval(20, spec), 20U);
  spec.layers = {{250000, 4000, 8}};
  EXPECT_EQ(SnapshotInterval(100, spec), 10U);
  EXPECT_EQ(SnapshotInterval(0, spec), 0U);
}

}  // namespace
}  // namespace seedfed

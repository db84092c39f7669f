#include "cli/model_source/store_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/model/snapshot.h"
#include "tests/cli/store/small_store.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

TEST(StoreSource, WithAndWithoutStoredModel_LastRoundsFingerprint) {
  for (const uint32_t rounds : {0u, 3u, 6u}) {
    const SmallStore store(rounds);
    const auto source = StoreSource::Open(store.folder()).value();
    const std::string snapshot = source->Snapshot().value();
    const SnapshotView view = ReadSnapshot(snapshot).value();
    EXPECT_EQ(view.round, rounds);
    EXPECT_EQ(view.fingerprint, store.fingerprint());
    if (rounds == 0) continue;
    EXPECT_EQ(RebuildSnapshot(*source, view.spec, rounds).value(), snapshot);
  }
}

TEST(StoreSource, DamagedRound_IsNamed) {
  SmallStore store(3);
  store.Damage("UPDATE rounds SET fingerprint = zeroblob(32) WHERE round = 2");
  const auto source = StoreSource::Open(store.folder()).value();
  EXPECT_THAT(std::string(source->Snapshot().status().message()),
              HasSubstr("is damaged: its words do not lead to its fingerprint"));
}

TEST(StoreSource, NoStore_OneSentence) {
  EXPECT_EQ(StoreSource::Open("/no/such/store").status().message(),
            "there is no store /no/such/store; expected a store's folder or its database");
}

}  // namespace
}  // namespace seedfed

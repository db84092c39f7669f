// What is left when the process or the disk fails in the middle of a write.
#include "tests/server/store/fault_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "server/store/sqlite_store.h"
#include "tests/server/store/fake_store.h"
#include "tests/server/store/records.h"

namespace seedfed {
namespace {

// The layout of SQLite's write-ahead log: a header, then frames of a header and a page.
constexpr size_t kLogHeader = 32;
constexpr size_t kFrameHeader = 24;
constexpr size_t kPage = 16384;
constexpr size_t kFrame = kFrameHeader + kPage;
constexpr size_t kDiskBlock = 4096;

std::vector<Write> RoundOfWrites(uint32_t round) {
  std::vector<Write> writes = {SomeClient(round), SomeUpdate(round, 1), SomeRound(round),
                               SomeUpdate(round + 1, 2)};
  if (round % 3 == 0) writes.emplace_back(SomeSnapshot(round));
  return writes;
}

// All that a store holds, to be compared.
using Everything =
    std::tuple<std::optional<FederationRecord>, std::vector<ClientRecord>,
               std::optional<SnapshotRecord>, std::vector<RoundRecord>, std::vector<UpdateRecord>>;

Everything Read(Store& store) {
  Contents contents = store.Load().value();
  return {contents.federation, contents.clients, contents.snapshot,
          store.Rounds(1, UINT32_MAX, SIZE_MAX).value(), contents.open_updates};
}

// A store that was made and then took the first `rounds` transactions.
Everything After(uint32_t rounds) {
  FakeStore store;
  EXPECT_TRUE(store.Create(SomeFederation()).ok());
  for (uint32_t round = 1; round <= rounds; ++round)
    EXPECT_TRUE(store.Commit(RoundOfWrites(round)).ok());
  return Read(store);
}

std::unique_ptr<Store> Open(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(folder, {});
  EXPECT_TRUE(store.ok()) << store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

enum class Kind { kSqlite, kFake };

class FaultStoreTest : public testing::TestWithParam<Kind> {
 protected:
  FaultStoreTest()
      : store_(GetParam() == Kind::kFake ? std::make_unique<FakeStore>() : Open(folder_.path())),
        faulty_(*store_) {
    EXPECT_TRUE(faulty_.Create(SomeFederation()).ok());
    EXPECT_TRUE(faulty_.Commit(RoundOfWrites(1)).ok());
  }

  const MemoryFolder folder_;
  const std::unique_ptr<Store> store_;
  FaultStore faulty_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, FaultStoreTest, testing::Values(Kind::kSqlite, Kind::kFake),
                         [](const auto& kind) {
                           return kind.param == Kind::kSqlite ? "Sqlite" : "Fake";
                         });

TEST_P(FaultStoreTest, NoFault_IsTheStoreItself) {
  EXPECT_TRUE(Read(faulty_) == After(1));
  EXPECT_TRUE(faulty_.Updates(2).value() == store_->Updates(2).value());
  EXPECT_EQ(faulty_.writes(), 2);
  EXPECT_FALSE(faulty_.crashed());
}

TEST_P(FaultStoreTest, CrashBefore_LosesTheTransactionOnly) {
  faulty_.FailWrite(2, Fault::kCrashBefore);
  EXPECT_TRUE(faulty_.Commit(RoundOfWrites(2)).ok());
  EXPECT_TRUE(absl::IsUnavailable(faulty_.Commit(RoundOfWrites(3))));
  EXPECT_TRUE(faulty_.crashed());
  EXPECT_TRUE(Read(*store_) == After(2));
}

TEST_P(FaultStoreTest, CrashAfter_KeepsTheTransaction) {
  faulty_.FailWrite(2, Fault::kCrashAfter);
  EXPECT_TRUE(faulty_.Commit(RoundOfWrites(2)).ok());
  EXPECT_TRUE(absl::IsUnavailable(faulty_.Commit(RoundOfWrites(3))));
  EXPECT_TRUE(faulty_.crashed());
  EXPECT_TRUE(Read(*store_) == After(3));
}

TEST_P(FaultStoreTest, Crashed_DoesNothingMore) {
  faulty_.FailWrite(1, Fault::kCrashBefore);
  EXPECT_FALSE(faulty_.Commit(RoundOfWrites(2)).ok());
  EXPECT_EQ(Sentence(faulty_.Commit(RoundOfWrites(2))), "this process has crashed");
  EXPECT_TRUE(absl::IsUnavailable(faulty_.Create(SomeFederation())));
  EXPECT_TRUE(absl::IsUnavailable(faulty_.Load().status()));
  EXPECT_TRUE(absl::IsUnavailable(faulty_.Rounds(1, 1, SIZE_MAX).status()));
  EXPECT_TRUE(absl::IsUnavailable(faulty_.Updates(2).status()));
  EXPECT_TRUE(Read(*store_) == After(1));
}

TEST_P(FaultStoreTest, DiskFull_StoresNothingAndSaysSo) {
  faulty_.FailWrite(1, Fault::kDiskFull);
  EXPECT_TRUE(absl::IsResourceExhausted(faulty_.Commit(RoundOfWrites(2))));
  EXPECT_FALSE(faulty_.crashed());
  EXPECT_TRUE(Read(faulty_) == After(1));
  EXPECT_TRUE(faulty_.Commit(RoundOfWrites(2)).ok());
  EXPECT_TRUE(Read(faulty_) == After(2));
}

class TornWriteTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = Open(folder_.path());
    ASSERT_TRUE(store_->Create(SomeFederation()).ok());
    CommitUpTo(5);
  }

  void CommitUpTo(uint32_t last) {
    while (stored_ < last) ASSERT_TRUE(store_->Commit(RoundOfWrites(++stored_)).ok());
  }

  SqliteFiles Files() const { return SqliteFiles::Read(folder_.path()); }

  // SQLite copies the log into the database; the next transaction writes over the log's start.
  void Checkpoint() {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder_.path() + "/seedfed.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, "PRAGMA wal_checkpoint(RESTART)", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(database);
  }

  // Opens what a crash left: the first `last` transactions must be there, or one fewer if
  // `may_lose`, and the store must take the next ones. Gives how many are there.
  static uint32_t Recover(const SqliteFiles& files, uint32_t last, bool may_lose) {
    const MemoryFolder folder;
    files.Write(folder.path());
    auto store = Open(folder.path());
    if (store == nullptr) return 0;
    const uint32_t there = store->Load()->last_round;
    EXPECT_LE(there, last);
    EXPECT_GE(there, may_lose ? last - 1 : last);
    EXPECT_TRUE(Read(*store) == After(there)) << "half a transaction";
    for (uint32_t round = there + 1; round <= last + 1; ++round)
      EXPECT_TRUE(store->Commit(RoundOfWrites(round)).ok());
    store.reset();
    EXPECT_TRUE(Read(*Open(folder.path())) == After(last + 1)) << "after going on";
    return there;
  }

  // The last transaction turned `before` into `after`, of which a crash wrote only a part.
  void TearLastTransaction(const SqliteFiles& before, const SqliteFiles& after) {
    ASSERT_EQ(before.database, after.database);
    std::set<size_t> cuts;
    const size_t first =
        std::mismatch(before.log.begin(), before.log.end(), after.log.begin(), after.log.end())
            .second -
        after.log.begin();
    for (size_t at = first / kDiskBlock * kDiskBlock; at < after.log.size(); at += kDiskBlock)
      cuts.insert(at);
    size_t frames = 0;
    for (size_t at = kLogHeader; at <= after.log.size(); at += kFrame) {
      if (at + kFrame <= first) continue;
      for (const size_t offset : {size_t{0}, size_t{1}, kFrameHeader - 1, kFrameHeader, kFrame - 1})
        cuts.insert(at + offset);
      ++frames;
    }
    ASSERT_GT(frames, 5u);
    std::set<uint32_t> outcomes;
    for (const size_t cut : cuts) {
      SCOPED_TRACE(absl::StrCat("log torn after ", cut, " of ", after.log.size(), " bytes"));
      const SqliteFiles torn = {after.database, Torn(before.log, after.log, cut)};
      outcomes.insert(Recover(torn, stored_, torn.log != after.log));
    }
    EXPECT_EQ(outcomes, (std::set<uint32_t>{stored_ - 1, stored_}));
  }

  const MemoryFolder folder_;
  std::unique_ptr<Store> store_;
  uint32_t stored_ = 0;
};

TEST_F(TornWriteTest, Untorn_LosesNothing) {
  for (uint32_t last = stored_; last <= 9; ++last) {
    CommitUpTo(last);
    EXPECT_EQ(Recover(Files(), last, false), last);
  }
}

TEST_F(TornWriteTest, LogCutAnywhereInTheLastTransaction_ItIsThereWholeOrNotAtAll) {
  const SqliteFiles before = Files();
  CommitUpTo(6);
  const SqliteFiles after = Files();
  ASSERT_GT(after.log.size(), before.log.size());
  TearLastTransaction(before, after);
}

TEST_F(TornWriteTest, LogCutWhereItIsWrittenOver_TransactionIsThereWholeOrNotAtAll) {
  Checkpoint();
  const SqliteFiles before = Files();
  CommitUpTo(6);
  const SqliteFiles after = Files();
  ASSERT_EQ(after.log.size(), before.log.size());  // old frames follow the new ones
  TearLastTransaction(before, after);
}

// A disk may write the blocks of a transaction in any order.
TEST_F(TornWriteTest, AnyBlockOfTheLastTransactionDamaged_ItIsNotThere) {
  const SqliteFiles before = Files();
  CommitUpTo(6);
  const SqliteFiles after = Files();
  for (size_t at = before.log.size(); at < after.log.size(); at += kDiskBlock) {
    SCOPED_TRACE(absl::StrCat("log damaged at ", at, " of ", after.log.size(), " bytes"));
    const size_t size = std::min(kDiskBlock, after.log.size() - at);
    SqliteFiles never = after, flipped = after;
    never.log.replace(at, size, std::string(size, '\x5a'));
    flipped.log[at + size / 2] ^= 1;
    EXPECT_EQ(Recover(never, stored_, true), stored_ - 1);
    EXPECT_EQ(Recover(flipped, stored_, true), stored_ - 1);
  }
}

TEST_F(TornWriteTest, DatabaseCutWhereTheLogIsCopiedIntoIt_LosesNothing) {
  CommitUpTo(6);
  const SqliteFiles before = Files();
  Checkpoint();
  const SqliteFiles after = Files();
  ASSERT_NE(before.database, after.database);
  for (size_t cut = 0; cut <= after.database.size(); cut += kDiskBlock) {
    SCOPED_TRACE(
        absl::StrCat("database torn after ", cut, " of ", after.database.size(), " bytes"));
    EXPECT_EQ(Recover({Torn(before.database, after.database, cut), before.log}, stored_, false),
              stored_);
  }
}

}  // namespace
}  // namespace seedfed

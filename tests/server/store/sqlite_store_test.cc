// What the SQLite store promises beyond store.h: durability, one server at a time, and its
// sentences.
#include "server/store/sqlite_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/server/store/records.h"
#include "tests/server/store/small_disk.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::unique_ptr<Store> Open(const std::string& folder) {
  absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(folder, {});
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

// What round `round` of the crash tests commits at once.
std::vector<Write> RoundOfWrites(uint32_t round) {
  std::vector<Write> writes = {SomeClient(round), SomeUpdate(round, 1), SomeRound(round),
                               SomeUpdate(round + 1, 2)};
  if (round % 3 == 0) writes.emplace_back(SomeSnapshot(round));
  return writes;
}

// Fails unless the store holds exactly the rounds up to `last`.
void ExpectRounds(Store& store, uint32_t last) {
  const Contents contents = store.Load().value();
  EXPECT_EQ(contents.last_round, last);
  EXPECT_EQ(contents.clients.size(), last);
  if (last == 0) return;
  EXPECT_THAT(contents.open_updates, ElementsAre(SomeUpdate(last + 1, 2)));
  const uint32_t replayed = last / 3 * 3;
  if (replayed > 0) {
    EXPECT_EQ(contents.snapshot, SomeSnapshot(replayed));
  }
  EXPECT_EQ(contents.rounds.size(), last - replayed);
  const std::vector<RoundRecord> rounds = store.Rounds(1, last, SIZE_MAX).value();
  ASSERT_EQ(rounds.size(), last);
  for (uint32_t round = 1; round <= last; ++round) EXPECT_EQ(rounds[round - 1], SomeRound(round));
}

TEST(SqliteStore, Reopened_HoldsWhatWasCommitted) {
  const TempFolder folder;
  {
    const auto store = Open(folder.path());
    ASSERT_TRUE(store->Create(SomeFederation()).ok());
    for (uint32_t round = 1; round <= 4; ++round)
      ASSERT_TRUE(store->Commit(RoundOfWrites(round)).ok());
  }
  const auto store = Open(folder.path());
  EXPECT_EQ(store->Load()->federation, SomeFederation());
  ExpectRounds(*store, 4);
  ASSERT_TRUE(store->Commit(RoundOfWrites(5)).ok());
  ExpectRounds(*store, 5);
}

// A child process commits rounds and says so after each; it is killed at any moment; the store then
// holds every round that was said, whole, and at most the one more that was being committed.
TEST(SqliteStore, KilledProcess_LosesNothingThatWasCommitted) {
  const TempFolder folder;
  uint32_t there = 0;
  for (const uint32_t acknowledged_before_kill : {1, 2, 5, 13, 40}) {
    int pipes[2];
    ASSERT_EQ(pipe(pipes), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const absl::StatusOr<std::unique_ptr<Store>> store = OpenSqliteStore(folder.path(), {});
      if (!store.ok()) _exit(1);
      for (uint32_t round = there + 1;; ++round) {
        if (!(*store)->Commit(RoundOfWrites(round)).ok()) _exit(2);
        if (write(pipes[1], &round, sizeof(round)) != sizeof(round)) _exit(3);
      }
    }
    close(pipes[1]);
    uint32_t said = there, round = 0, count = 0;
    while (read(pipes[0], &round, sizeof(round)) == sizeof(round)) {
      said = round;
      if (++count == acknowledged_before_kill) kill(child, SIGKILL);
    }
    close(pipes[0]);
    int how = 0;
    ASSERT_EQ(waitpid(child, &how, 0), child);
    ASSERT_TRUE(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL) << "exit " << how;
    ASSERT_GE(count, acknowledged_before_kill);

    const auto store = Open(folder.path());
    there = store->Load()->last_round;
    EXPECT_GE(there, said);
    EXPECT_LE(there, said + 1);
    ExpectRounds(*store, there);
  }
}

TEST(SqliteStore, SecondOpener_IsRefused) {
  const TempFolder folder;
  const auto first = Open(folder.path());
  const auto second = OpenSqliteStore(folder.path(), {});
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status()));
  EXPECT_EQ(Sentence(second),
            absl::StrCat("the store ", folder.path(), " is used by another server (process ",
                         getpid(), "); stop that one first, or use another folder"));
  EXPECT_TRUE(first->Commit(RoundOfWrites(1)).ok());
}

TEST(SqliteStore, Files_AreForTheirOwnerOnly) {
  const TempFolder folder;
  const auto store = Open(folder.path() + "/store");
  ASSERT_TRUE(store->Commit(RoundOfWrites(1)).ok());
  for (const char* name : {"seedfed.db", "seedfed.db-wal", "seedfed.lock"}) {
    struct stat info = {};
    ASSERT_EQ(stat((folder.path() + "/store/" + name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
  }
}

TEST(SqliteStore, FullDisk_StoresNothingOfTheTransactionAndSaysSo) {
  constexpr size_t kBytes = 2 << 20;
  SmallDisk disk(kBytes);
  if (!disk.mounted()) GTEST_SKIP() << "this user may not mount a small disk";
  const std::string path = disk.path() + "/seedfed.db";
  uint32_t stored = 0;
  {
    const auto store = Open(disk.path());
    absl::Status status;
    while (status.ok() && stored < kBytes / 1000) {
      UpdateRecord update = SomeUpdate(1, stored);
      update.words = SomeWords(stored, 50000);
      const std::vector<Write> writes = {SomeClient(stored), update};
      status = store->Commit(writes);
      if (status.ok()) ++stored;
    }
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_EQ(Sentence(status), "no space left on the disk of " + path);
    EXPECT_GT(stored, 3u);
    EXPECT_EQ(store->Load()->open_updates.size(), stored);
  }
  ASSERT_TRUE(disk.Resize(2 * kBytes));
  const auto store = Open(disk.path());
  EXPECT_EQ(store->Load()->clients.size(), stored);
  EXPECT_EQ(store->Load()->open_updates.size(), stored);
  const std::vector<Write> writes = {SomeClient(stored)};
  EXPECT_TRUE(store->Commit(writes).ok());
}

TEST(SqliteStore, DiskWithoutAnySpace_IsRefused) {
  SmallDisk disk(16384);
  if (!disk.mounted()) GTEST_SKIP() << "this user may not mount a small disk";
  const auto store = OpenSqliteStore(disk.path(), {});
  EXPECT_TRUE(absl::IsResourceExhausted(store.status())) << store.status();
  EXPECT_THAT(Sentence(store), StartsWith("no space left on the disk of " + disk.path()));
}

TEST(SqliteStore, Refusals_NameTheRecordAndTheFile) {
  const TempFolder folder;
  const std::string path = folder.path() + "/seedfed.db";
  const auto store = Open(folder.path());
  const auto refusal = [&store](const Write& write) {
    return Sentence(store->Commit({&write, 1}));
  };
  ASSERT_TRUE(store->Create(SomeFederation()).ok());
  EXPECT_EQ(Sentence(store->Create(SomeFederation())), path + " belongs to a federation already");
  ASSERT_TRUE(store
                  ->Commit(std::vector<Write>{SomeClient(3), SomeRound(1), SomeSnapshot(1),
                                              SomeUpdate(2, 3)})
                  .ok());
  EXPECT_EQ(refusal(SomeClient(3)), path + " has client 3 ('client-3') already");
  EXPECT_EQ(refusal(SomeUpdate(2, 3)), path + " has an update of client 3 in round 2 already");
  EXPECT_EQ(refusal(SomeUpdate(1, 3)), path + " takes updates of round 2, not of round 1");
  EXPECT_EQ(refusal(SomeRound(1)), path + " has round 1 already");
  EXPECT_EQ(refusal(SomeRound(3)), path + " takes round 2 next, not round 3");
  EXPECT_EQ(refusal(SomeSnapshot(1)), path + " has a snapshot of round 1 already");
  EXPECT_EQ(refusal(SomeSnapshot(2)),
            path + " takes no snapshot of round 2: the last complete round is 1");
}

TEST(SqliteStore, ManyRounds_KeepTheFileToItsHistory) {
  const TempFolder folder;
  const auto store = Open(folder.path());
  for (uint32_t round = 1; round <= 50; ++round) {
    std::vector<Write> writes;
    for (uint32_t client = 0; client < 20; ++client) {
      UpdateRecord update = SomeUpdate(round, client);
      update.words = SomeWords(client, 4016);
      writes.emplace_back(std::move(update));
    }
    writes.emplace_back(SomeRound(round));
    ASSERT_TRUE(store->Commit(writes).ok());
  }
  EXPECT_THAT(store->Load()->open_updates, IsEmpty());
  // The updates were 4 MB; their pages are used again.
  EXPECT_LT(std::filesystem::file_size(folder.path() + "/seedfed.db"), 1u << 20);
}

}  // namespace
}  // namespace seedfed

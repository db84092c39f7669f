// A store whose file was damaged, changed or belongs to something else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "server/store/sqlite_open.h"
#include "server/store/sqlite_store.h"
#include "tests/server/store/records.h"

namespace seedfed {
namespace {

using testing::StartsWith;

class SqliteDamageTest : public testing::Test {
 protected:
  SqliteDamageTest() : path_(folder_.path() + "/seedfed.db") {}

  absl::StatusOr<std::unique_ptr<Store>> Open() { return OpenSqliteStore(folder_.path(), {}); }

  // A store with three rounds, a snapshot after the first and one update of round 4; closed.
  void Fill() {
    const auto store = Open().value();
    ASSERT_TRUE(store->Create(SomeFederation()).ok());
    const std::vector<Write> writes = {SomeClient(0), SomeRound(1), SomeSnapshot(1),
                                       SomeRound(2),  SomeRound(3), SomeUpdate(4, 0)};
    ASSERT_TRUE(store->Commit(writes).ok());
  }

  void Execute(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  std::string ReadFile() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void WriteFile(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

  // Changes one byte in the only place where `bytes` stand.
  void FlipByteOf(const std::string& bytes) {
    std::string file = ReadFile();
    const size_t at = file.find(bytes);
    ASSERT_NE(at, std::string::npos);
    ASSERT_EQ(file.find(bytes, at + 1), std::string::npos);
    file[at + bytes.size() / 2] ^= 1;
    WriteFile(file);
  }

  void ExpectLoadIsDataLoss(const std::string& what) {
    const auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    const auto contents = (*store)->Load();
    EXPECT_TRUE(absl::IsDataLoss(contents.status())) << contents.status();
    EXPECT_EQ(Sentence(contents), path_ + " is damaged: " + what);
  }

  void ExpectOpenFails(absl::StatusCode code, const std::string& sentence) {
    const auto store = Open();
    EXPECT_EQ(store.status().code(), code) << store.status();
    EXPECT_THAT(Sentence(store), StartsWith(sentence));
  }

  TempFolder folder_;
  const std::string path_;
};

TEST_F(SqliteDamageTest, Undamaged_IsLoaded) {
  Fill();
  EXPECT_EQ(Open().value()->Load()->rounds.size(), 2u);
}

TEST_F(SqliteDamageTest, EmptyFile_IsANewStore) {
  WriteFile("");
  EXPECT_FALSE(Open().value()->Load()->federation.has_value());
}

TEST_F(SqliteDamageTest, TextFile_IsRefused) {
  WriteFile(
      "This is not a database, but it is as long as one has to be to be looked at with any care. " +
      std::string(1000, '.'));
  ExpectOpenFails(absl::StatusCode::kDataLoss,
                  path_ + " is not a SQLite database, or its start is damaged");
}

TEST_F(SqliteDamageTest, AnotherProgramsDatabase_IsRefused) {
  Execute("CREATE TABLE songs (name TEXT)");
  const std::string sentence = path_ + " is another program's database; use another store folder";
  ExpectOpenFails(absl::StatusCode::kFailedPrecondition, sentence);
  Execute("DROP TABLE songs; PRAGMA application_id = 7");
  ExpectOpenFails(absl::StatusCode::kFailedPrecondition, sentence);
}

TEST_F(SqliteDamageTest, AnotherFormat_IsRefused) {
  Fill();
  for (const char* format : {"2", "4"}) {
    Execute(std::string("PRAGMA user_version = ") + format);
    const std::string sentence = path_ + " has format " + format +
                                 ", and this program knows format 3; it was written by another "
                                 "version";
    ExpectOpenFails(absl::StatusCode::kFailedPrecondition, sentence);
    EXPECT_EQ(OpenStoreDatabaseForReading(path_).status().message(), sentence);
  }
}

TEST_F(SqliteDamageTest, OverwrittenPages_AreFoundAtOpening) {
  Fill();
  std::string file = ReadFile();
  ASSERT_GT(file.size(), 3 * 16384u);
  file.replace(16384, file.size() - 16384, std::string(file.size() - 16384, '\x55'));
  WriteFile(file);
  ExpectOpenFails(absl::StatusCode::kDataLoss, path_ + " is damaged: ");
}

TEST_F(SqliteDamageTest, CutFile_IsFoundAtOpening) {
  Fill();
  const std::string file = ReadFile();
  WriteFile(file.substr(0, file.size() - 2 * 16384));
  ExpectOpenFails(absl::StatusCode::kDataLoss, path_ + " is damaged: ");
}

TEST_F(SqliteDamageTest, FlippedByteOfAnUpdate_IsFound) {
  Fill();
  FlipByteOf(SomeUpdate(4, 0).words.bytes());
  ExpectLoadIsDataLoss("the words of client 0 in round 4 do not match their checksum");
}

TEST_F(SqliteDamageTest, FlippedByteOfARound_IsFound) {
  Fill();
  FlipByteOf(SomeRound(3).words);
  ExpectLoadIsDataLoss("the words of round 3 do not match their checksum");
}

TEST_F(SqliteDamageTest, FlippedByteOfAnOldRound_IsFoundWhenItIsRead) {
  Fill();
  FlipByteOf(SomeRound(1).words);
  const auto store = Open().value();
  EXPECT_TRUE(store->Load().ok());
  const auto rounds = store->Rounds(1, 2, SIZE_MAX);
  EXPECT_TRUE(absl::IsDataLoss(rounds.status()));
  EXPECT_EQ(Sentence(rounds),
            path_ + " is damaged: the words of round 1 do not match their checksum");
  EXPECT_EQ(store->Rounds(2, 3, SIZE_MAX)->size(), 2u);
}

TEST_F(SqliteDamageTest, ChangedSnapshot_IsFound) {
  Fill();
  Execute("UPDATE snapshots SET bytes = x'00'");
  ExpectLoadIsDataLoss("the snapshot of round 1 does not match its checksum");
}

TEST_F(SqliteDamageTest, MissingRound_IsFound) {
  Fill();
  Execute("DELETE FROM rounds WHERE round = 2");
  ExpectLoadIsDataLoss("round 2 is missing");
}

TEST_F(SqliteDamageTest, SnapshotWithoutItsRound_IsFound) {
  Fill();
  Execute("DELETE FROM rounds");
  ExpectLoadIsDataLoss("it has a snapshot of round 1 and no round after 0");
}

TEST_F(SqliteDamageTest, WrongSpec_IsFound) {
  Fill();
  Execute("UPDATE federation SET spec = x'01'");
  ExpectLoadIsDataLoss("the model specification is truncated");
}

TEST_F(SqliteDamageTest, WrongKeyLength_IsFound) {
  Fill();
  Execute("UPDATE federation SET key = x'01'");
  ExpectLoadIsDataLoss("key has 1 bytes; expected 16");
}

}  // namespace
}  // namespace seedfed

#include "server/store/sqlite_open.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/store/sqlite_reader.h"
#include "server/store/sqlite_store.h"
#include "tests/server/store/records.h"

namespace seedfed {
namespace {

class OpenForReadingTest : public testing::Test {
 protected:
  OpenForReadingTest() : path_(folder_.path() + "/seedfed.db") {}

  absl::StatusOr<Contents> Read() {
    auto connection = OpenStoreDatabaseForReading(path_);
    if (!connection.ok()) return connection.status();
    auto reader = SqliteReader::Prepare(*std::move(connection));
    if (!reader.ok()) return reader.status();
    return reader->Load();
  }

  TempFolder folder_;
  const std::string path_;
};

TEST_F(OpenForReadingTest, StoreInUse_ShowsItsLastCommit) {
  const auto store = OpenSqliteStore(folder_.path(), {}).value();
  ASSERT_TRUE(store->Create(SomeFederation()).ok());
  const std::vector<Write> first = {SomeClient(0), SomeRound(1)};
  ASSERT_TRUE(store->Commit(first).ok());
  EXPECT_EQ(Read()->last_round, 1U);
  const std::vector<Write> second = {SomeRound(2)};
  ASSERT_TRUE(store->Commit(second).ok());
  const absl::StatusOr<Contents> contents = Read();
  ASSERT_TRUE(contents.ok()) << contents.status();
  EXPECT_EQ(contents->last_round, 2U);
  EXPECT_EQ(contents->federation, SomeFederation());
}

TEST_F(OpenForReadingTest, Reading_ChangesNothing) {
  {
    const auto store = OpenSqliteStore(folder_.path(), {}).value();
    ASSERT_TRUE(store->Create(SomeFederation()).ok());
  }
  const auto connection = OpenStoreDatabaseForReading(path_).value();
  EXPECT_FALSE(connection->Execute("DELETE FROM federation").ok());
  EXPECT_TRUE(Read()->federation.has_value());
}

TEST_F(OpenForReadingTest, NoFile_IsNotMade) {
  EXPECT_FALSE(OpenStoreDatabaseForReading(path_).ok());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(OpenForReadingTest, AnotherProgramsDatabase_IsRefused) {
  std::ofstream(path_).flush();
  EXPECT_EQ(Sentence(OpenStoreDatabaseForReading(path_)),
            path_ + " is another program's database; use another store folder");
}

}  // namespace
}  // namespace seedfed

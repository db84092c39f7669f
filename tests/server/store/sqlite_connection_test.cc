#include "server/store/sqlite_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "common/base/hash.h"
#include "tests/server/store/records.h"

namespace seedfed {
namespace {

using Access = SqliteConnection::Access;
using testing::HasSubstr;

class SqliteConnectionTest : public testing::Test {
 protected:
  SqliteConnectionTest() : path_(folder_.path() + "/test.db") {
    std::ofstream(path_).flush();
    connection_ = SqliteConnection::Open(path_, Access::kWrite).value();
    EXPECT_TRUE(
        connection_->Execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB UNIQUE NOT NULL)")
            .ok());
  }

  TempFolder folder_;
  const std::string path_;
  std::unique_ptr<SqliteConnection> connection_;
};

TEST_F(SqliteConnectionTest, EveryKind_IsBoundAndReadBack) {
  SqliteStatement insert = connection_->Prepare("INSERT INTO t VALUES (?, ?, ?, ?)").value();
  const std::string text("a\0b", 3), blob("\0\xff", 2), empty;
  ASSERT_TRUE(insert.Bind(uint64_t{1} << 63, 0.1, text, Blob{blob}).Run().ok());
  ASSERT_TRUE(insert.Bind(uint32_t{0xffffffff}, -0.0, empty, Blob{empty}).Run().ok());
  SqliteStatement select = connection_->Prepare("SELECT i, r, s, b FROM t ORDER BY rowid").value();
  ASSERT_TRUE(select.Bind().Next().value());
  EXPECT_EQ(static_cast<uint64_t>(select.Integer(0)), uint64_t{1} << 63);
  EXPECT_EQ(select.Real(1), 0.1);
  EXPECT_EQ(select.Bytes(2), text);
  EXPECT_EQ(select.Bytes(3), blob);
  ASSERT_TRUE(select.Next().value());
  EXPECT_EQ(select.Integer(0), 0xffffffff);
  EXPECT_EQ(select.Bytes(2), "");
  EXPECT_EQ(select.Bytes(3), "");
  EXPECT_FALSE(select.Next().value());
}

TEST_F(SqliteConnectionTest, ArrayOfAnotherLength_IsDataLoss) {
  SqliteStatement select = connection_->Prepare("SELECT x'010203' AS digest").value();
  ASSERT_TRUE(select.Bind().Next().value());
  EXPECT_EQ(select.Array<3>(0).value(), (std::array<uint8_t, 3>{1, 2, 3}));
  const auto wrong = select.Array<4>(0);
  EXPECT_TRUE(absl::IsDataLoss(wrong.status()));
  EXPECT_EQ(Sentence(wrong), path_ + " is damaged: digest has 3 bytes; expected 4");
}

TEST_F(SqliteConnectionTest, AfterAnError_AStatementWorksAgain) {
  SqliteStatement insert = connection_->Prepare("INSERT INTO t (b) VALUES (?)").value();
  ASSERT_TRUE(insert.Bind(Blob{"x"}).Run().ok());
  const absl::Status status = insert.Bind(Blob{"x"}).Run();
  EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  EXPECT_EQ(Sentence(status), path_ + " refuses a record: UNIQUE constraint failed: t.b");
  EXPECT_TRUE(insert.Bind(Blob{"y"}).Run().ok());
  EXPECT_EQ(connection_->QueryInteger("SELECT count(*) FROM t").value(), 2);
}

TEST_F(SqliteConnectionTest, TooBigARecord_IsRefused) {
  SqliteStatement insert = connection_->Prepare("INSERT INTO t (b) VALUES (?)").value();
  const absl::Status status = insert.Bind(Blob{absl::string_view("x", size_t{1} << 31)}).Run();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(Sentence(status),
            "a record is too big for " + path_ + ", which takes 1000000000 bytes");
  EXPECT_TRUE(insert.Bind(Blob{"y"}).Run().ok());
}

TEST_F(SqliteConnectionTest, WrongSql_IsInternal) {
  const auto statement = connection_->Prepare("SELECT x FROM nowhere");
  EXPECT_TRUE(absl::IsInternal(statement.status()));
  EXPECT_THAT(Sentence(statement),
              HasSubstr("reading or writing " + path_ + " failed: no such table: nowhere"));
}

TEST_F(SqliteConnectionTest, ReadingConnection_CannotWrite) {
  const auto reader = SqliteConnection::Open(path_, Access::kRead).value();
  const absl::Status status = reader->Execute("DELETE FROM t");
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(Sentence(status), path_ + " cannot be written: attempt to write a readonly database");
}

TEST_F(SqliteConnectionTest, LockedByAnother_IsRefused) {
  const auto other = SqliteConnection::Open(path_, Access::kWrite).value();
  ASSERT_TRUE(other->Execute("PRAGMA busy_timeout = 1").ok());
  ASSERT_TRUE(connection_->Execute("BEGIN EXCLUSIVE").ok());
  const absl::Status status = other->Execute("BEGIN IMMEDIATE");
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(Sentence(status),
            path_ + " is locked by another program, such as the sqlite3 shell: database is locked");
}

TEST(SqliteConnection, NoFile_IsRefused) {
  const auto connection = SqliteConnection::Open("/nowhere/test.db", Access::kWrite);
  EXPECT_TRUE(absl::IsInternal(connection.status()));
  EXPECT_THAT(Sentence(connection),
              HasSubstr("/nowhere/test.db failed: unable to open database file"));
}

}  // namespace
}  // namespace seedfed

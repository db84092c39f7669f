#include "cli/store/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/str_cat.h"
#include "cli/store/verify.h"
#include "tests/cli/store/small_store.h"

namespace seedfed {
namespace {

namespace fs = std::filesystem;

size_t Files(const fs::path& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST(Backup, StoreThatAServerHasOpen_ToAFile_Valid) {
  const SmallStore store(10);
  const std::string file = store.around() / "copy.db";
  const auto backup = BackUpStore(store.folder(), file);
  ASSERT_TRUE(backup.ok()) << backup.status();
  EXPECT_EQ(backup->file, file);
  EXPECT_EQ(backup->rounds, 10U);
  EXPECT_EQ(backup->bytes, fs::file_size(file));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(Files(store.around().path()), 2U);
  const auto verified = VerifyStore(OpenStoreDatabaseForReading(file).value());
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->fingerprint, store.fingerprint());
  EXPECT_EQ(verified->open_updates, 1U);
}

TEST(Backup, ToANewFolder_IsAStore) {
  const SmallStore store(5);
  const std::string folder = store.around() / "copy";
  const auto backup = BackUpStore(store.folder(), folder + "/");
  ASSERT_TRUE(backup.ok()) << backup.status();
  const auto opened = OpenSqliteStore(folder, {});
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ((*opened)->Load()->last_round, 5U);
}

TEST(Backup, FileIsThere_RefusedAndUntouched) {
  const SmallStore store(2);
  const std::string file = store.around().Write("copy.db", "precious");
  const auto backup = BackUpStore(store.folder(), file);
  EXPECT_EQ(backup.status(), absl::AlreadyExistsError(absl::StrCat(
                                 file, " is there already; a back-up overwrites nothing")));
  EXPECT_EQ(ReadFile(file), "precious");
}

TEST(Backup, IntoTheStoreItself_Refused) {
  const SmallStore store(2);
  EXPECT_EQ(BackUpStore(store.folder(), store.folder()).status().code(),
            absl::StatusCode::kAlreadyExists);
}

TEST(Backup, LogOfAnotherDatabaseNextToTheTarget_Refused) {
  const SmallStore store(2);
  const std::string log = store.around().Write("copy.db-wal", "x");
  EXPECT_EQ(BackUpStore(store.folder(), store.around() / "copy.db").status(),
            absl::AlreadyExistsError(
                absl::StrCat(log, " is there already; a back-up overwrites nothing")));
}

TEST(Backup, TargetFolderIsNotThere_OneSentence_NothingLeft) {
  const SmallStore store(2);
  const auto backup = BackUpStore(store.folder(), store.around() / "no/copy.db");
  EXPECT_EQ(backup.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(backup.status().message()),
              testing::HasSubstr("No such file or directory"));
  EXPECT_EQ(Files(store.around().path()), 1U);
}

TEST(Backup, NoStore_NotFound) {
  const TempFolder folder;
  EXPECT_EQ(BackUpStore(folder / "none", folder / "copy").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace seedfed

#include "cli/simulate/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(RunFolder, NothingToKeep_FreshFolderEachTime) {
  const TempFolder parent;
  const auto first = RunFolder::Create("", parent.path());
  const auto second = RunFolder::Create("", parent.path());
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->path(), second->path());
  EXPECT_EQ(first->path().parent_path(), parent.path());
  EXPECT_TRUE(fs::is_directory(first->logs()));
  EXPECT_EQ(first->Log("client-3"), first->path() / "logs/client-3.log");
}

TEST(RunFolder, NewFolderToKeep_MadeWithItsParents) {
  const TempFolder parent;
  const auto folder = RunFolder::Create(parent / "a/b", "");
  ASSERT_TRUE(folder.ok()) << folder.status();
  EXPECT_TRUE(fs::is_directory(parent / "a/b/logs"));
}

TEST(RunFolder, FolderToKeepHoldsFiles_RefusedAndUntouched) {
  const TempFolder parent;
  parent.Write("precious", "1");
  EXPECT_EQ(RunFolder::Create(parent.path(), "").status().message(),
            "--keep " + parent.path().string() +
                " holds files already, expected a new or an empty folder");
  EXPECT_EQ(ReadFile(parent / "precious"), "1");
  EXPECT_FALSE(fs::exists(parent / "logs"));
}

TEST(RunFolder, KeepIsAFile_NamesIt) {
  const TempFolder parent;
  const fs::path file = parent.Write("file", "1");
  EXPECT_THAT(std::string(RunFolder::Create(file, "").status().message()),
              HasSubstr("the folder " + file.string()));
}

TEST(RunFolder, NoTemporaryFolder_NamesIt) {
  EXPECT_EQ(RunFolder::Create("", "/nonexistent").status().message(),
            "cannot make a folder in /nonexistent: No such file or directory");
}

TEST(RunFolder, Discard_RemovesOnlyTemporaryFolders) {
  const TempFolder parent;
  const auto temporary = RunFolder::Create("", parent.path());
  const auto kept = RunFolder::Create(parent / "kept", "");
  temporary->Discard();
  kept->Discard();
  EXPECT_FALSE(fs::exists(temporary->path()));
  EXPECT_TRUE(fs::exists(kept->path()));
}

TEST(WriteFileAtomically, ExistingFile_ReplacedWithoutLeftovers) {
  const TempFolder folder;
  const fs::path file = folder.Write("report.json", "old and longer");
  ASSERT_TRUE(WriteFileAtomically(file, "new").ok());
  EXPECT_EQ(ReadFile(file), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(WriteFileAtomically, TargetIsAFolder_ErrorWithoutLeftovers) {
  const TempFolder folder;
  fs::create_directory(folder / "target");
  const absl::Status status = WriteFileAtomically(folder / "target", "new");
  EXPECT_EQ(status.message(), "cannot write " + (folder / "target").string() + ": Is a directory");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(WriteFileAtomically, NoFolder_NamesTheFile) {
  EXPECT_EQ(WriteFileAtomically("/nonexistent/a", "new").message(),
            "cannot write /nonexistent/a: No such file or directory");
}

TEST(ReadTail, ShortLongAndMissingFiles_AtMostTheLimit) {
  const TempFolder folder;
  const fs::path file = folder.Write("log", "0123456789");
  EXPECT_EQ(ReadTail(file, 100), "0123456789");
  EXPECT_EQ(ReadTail(file, 4), "6789");
  EXPECT_EQ(ReadTail(folder / "none", 4), "");
}

}  // namespace
}  // namespace seedfed

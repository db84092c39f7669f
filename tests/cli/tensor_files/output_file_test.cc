#include "cli/tensor_files/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

std::vector<std::string> Names(const TempFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename());
  }
  return names;
}

TEST(OutputFile, Committed_HasNameAndContents) {
  const TempFolder folder;
  const auto file = OutputFile::Create(folder / "out");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Write(std::string("hello ")).ok());
  ASSERT_TRUE((*file)->Write(std::string("world")).ok());
  ASSERT_TRUE((*file)->WriteAt(0, std::string("J")).ok());
  EXPECT_EQ((*file)->size(), 11u);
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(ReadFile(folder / "out"), "Jello world");
  EXPECT_EQ(Names(folder), std::vector<std::string>{"out"});
}

TEST(OutputFile, Committed_HasTheRightsOfAnyNewFile) {
  const TempFolder folder;
  const mode_t mask = umask(027);
  {
    const auto file = OutputFile::Create(folder / "out");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Commit().ok());
  }
  umask(mask);
  struct stat status = {};
  ASSERT_EQ(stat((folder / "out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(OutputFile, NotCommitted_OldFileStaysAndNothingIsLeft) {
  const TempFolder folder;
  folder.Write("out", "old");
  {
    const auto file = OutputFile::Create(folder / "out");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Write(std::string("new")).ok());
  }
  EXPECT_EQ(ReadFile(folder / "out"), "old");
  EXPECT_EQ(Names(folder), std::vector<std::string>{"out"});
}

TEST(OutputFile, CommittedOverAFile_Replaces) {
  const TempFolder folder;
  folder.Write("out", "a long old text");
  const auto file = OutputFile::Create(folder / "out");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->Write(std::string("new")).ok());
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(ReadFile(folder / "out"), "new");
}

TEST(OutputFile, NoFolderOrAFolder_SaysSoAtOnce) {
  const TempFolder folder;
  EXPECT_EQ(OutputFile::Create(folder / "none/out").status().message(),
            "cannot write " + (folder / "none/out").string() + ": No such file or directory");
  EXPECT_EQ(
      OutputFile::Create(folder.path()).status().message(),
      "cannot write " + folder.path().string() + ": it is a folder; '-' writes to standard output");
}

TEST(OutputFile, StandardOutput_GetsTheBytesAtTheEnd) {
  testing::internal::CaptureStdout();
  const auto file = OutputFile::Create("-");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE((*file)->Write(std::string("dropped? no")).ok());
  EXPECT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "dropped? no");
}

TEST(OutputFile, FileThatIsThere_RefusedAtCreate) {
  const TempFolder folder;
  const std::string path = folder.Write("out", "old");
  EXPECT_EQ(OutputFile::Create(path, IfThere::kRefuse).status().message(),
            path + " is there already; --force replaces it");
}

TEST(OutputFile, FileThatAppearsMeanwhile_RefusedAtCommit) {
  const TempFolder folder;
  const std::string path = folder / "out";
  const auto out = OutputFile::Create(path, IfThere::kRefuse).value();
  ASSERT_TRUE(out->Write({"new", 3}).ok());
  folder.Write("out", "old");
  EXPECT_EQ(out->Commit().message(), path + " is there already; --force replaces it");
  EXPECT_EQ(ReadFile(path), "old");
}

TEST(OutputFile, Refused_LeavesNoOtherFile) {
  const TempFolder folder;
  {
    const auto out = OutputFile::Create(folder / "out", IfThere::kRefuse).value();
    ASSERT_TRUE(out->Write({"new", 3}).ok());
    folder.Write("out", "old");
    EXPECT_FALSE(out->Commit().ok());
  }
  EXPECT_EQ(Names(folder), std::vector<std::string>{"out"});
}

TEST(OutputFile, Private_OnlyTheOwnerMayRead) {
  const TempFolder folder;
  const auto out = OutputFile::Create(folder / "out", IfThere::kRefuse).value();
  ASSERT_TRUE(out->MakePrivate().ok());
  ASSERT_TRUE(out->Commit().ok());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder / "out").permissions(),
            perms::owner_read | perms::owner_write);
}

TEST(OutputFile, Digest_IsOfAllBytes) {
  const TempFolder folder;
  const auto out = OutputFile::Create(folder / "out").value();
  ASSERT_TRUE(out->Write({"ab", 2}).ok());
  ASSERT_TRUE(out->WriteAt(1, {"xyz", 3}).ok());
  EXPECT_EQ(out->Digest().value(), Blake2b128("axyz"));
}

}  // namespace
}  // namespace seedfed

#include "server/store/store_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "tests/server/store/records.h"
#include "tests/server/store/small_disk.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

std::string Refusal(const std::string& path) {
  const absl::StatusOr<StoreFolder> folder = StoreFolder::Lock(path);
  EXPECT_TRUE(absl::IsFailedPrecondition(folder.status())) << folder.status();
  return Sentence(folder);
}

mode_t Permissions(const std::string& path) {
  struct stat info = {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 0777;
}

TEST(StoreFolder, Absent_IsMadeForItsOwnerOnly) {
  const TempFolder parent;
  const StoreFolder folder = StoreFolder::Lock(parent.path() + "/new").value();
  EXPECT_EQ(Permissions(parent.path() + "/new"), 0700u);
  ASSERT_TRUE(folder.MakeFile("file").ok());
  EXPECT_EQ(folder.FilePath("file"), parent.path() + "/new/file");
  EXPECT_EQ(Permissions(folder.FilePath("file")), 0600u);
}

TEST(StoreFolder, MadeFile_KeepsWhatIsThere) {
  const TempFolder parent;
  const StoreFolder folder = StoreFolder::Lock(parent.path()).value();
  std::ofstream(folder.FilePath("file")) << "text";
  ASSERT_TRUE(folder.MakeFile("file").ok());
  EXPECT_EQ(std::filesystem::file_size(folder.FilePath("file")), 4u);
}

TEST(StoreFolder, File_IsRefused) {
  const TempFolder parent;
  const std::string path = parent.path() + "/file";
  std::ofstream(path) << "text";
  EXPECT_EQ(Refusal(path), "the store " + path + " is not a folder");
  EXPECT_EQ(Refusal(path + "/sub"),
            "cannot look at the store folder " + path + "/sub: Not a directory");
}

TEST(StoreFolder, NoParent_IsRefused) {
  EXPECT_EQ(Refusal("/nowhere/at/all"),
            "cannot make the store folder /nowhere/at/all: No such file or directory");
  EXPECT_EQ(Refusal(""), "the store folder has an empty name");
}

TEST(StoreFolder, SecondLock_IsRefusedUntilTheFirstIsGone) {
  const TempFolder parent;
  {
    const StoreFolder first = StoreFolder::Lock(parent.path()).value();
    EXPECT_EQ(Refusal(parent.path()),
              absl::StrCat("the store ", parent.path(), " is used by another server (process ",
                           getpid(), "); stop that one first, or use another folder"));
  }
  EXPECT_TRUE(StoreFolder::Lock(parent.path()).ok());
}

TEST(StoreFolder, KilledHolder_LosesItsLock) {
  const TempFolder parent;
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const absl::StatusOr<StoreFolder> folder = StoreFolder::Lock(parent.path());
    if (!folder.ok() || write(ready[1], "x", 1) != 1) _exit(1);
    while (true) pause();
  }
  close(ready[1]);
  char byte;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  EXPECT_THAT(Refusal(parent.path()), HasSubstr(absl::StrCat("(process ", child, ")")));
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(StoreFolder::Lock(parent.path()).ok());
}

TEST(StoreFolder, ReadOnlyDisk_IsRefused) {
  SmallDisk disk(1 << 20);
  if (!disk.mounted()) GTEST_SKIP() << "this user may not mount a small disk";
  ASSERT_TRUE(disk.MakeReadOnly());
  EXPECT_EQ(Refusal(disk.path()),
            "cannot open " + disk.path() + "/seedfed.lock: Read-only file system");
  EXPECT_EQ(Refusal(disk.path() + "/sub"),
            "cannot make the store folder " + disk.path() + "/sub: Read-only file system");
}

}  // namespace
}  // namespace seedfed

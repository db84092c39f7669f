#include "cli/inspect/lock_holder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

constexpr char kLocks[] =
    "1: POSIX  ADVISORY  WRITE 11 fe:00:7 0 EOF\n"
    "2: FLOCK  ADVISORY  READ 12 fe:00:7 0 EOF\n"
    "3: -> FLOCK  ADVISORY  WRITE 13 fe:00:7 0 EOF\n"
    "4: FLOCK  ADVISORY  WRITE 14 fe:01:7 0 EOF\n"
    "5: FLOCK  ADVISORY  WRITE 15 fe:00:7 0 EOF\n"
    "6: FLOCK  ADVISORY  WRITE 16 00:2b:123456789012 0 EOF\n";

TEST(HolderOf, OnlyAnExclusiveFlockOfTheFileCounts) {
  EXPECT_EQ(HolderOf({0xfe, 0, 7}, kLocks), 15U);
  EXPECT_EQ(HolderOf({0xfe, 1, 7}, kLocks), 14U);
  EXPECT_EQ(HolderOf({0, 0x2b, 123456789012}, kLocks), 16U);
  EXPECT_EQ(HolderOf({0xfe, 0, 8}, kLocks), std::nullopt);
}

TEST(HolderOf, OtherText_HoldsNothing) {
  EXPECT_EQ(HolderOf({0xfe, 0, 7}, ""), std::nullopt);
  EXPECT_EQ(HolderOf({0xfe, 0, 7}, "5: FLOCK ADVISORY WRITE\nx\n"), std::nullopt);
}

TEST(LockHolder, LockedFile_IsHeldByItsProcessUntilItIsReleased) {
  const TempFolder folder;
  const std::string path = folder.Write("lock", "").string();
  EXPECT_EQ(LockHolder(path), std::nullopt);
  const int lock = open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(lock, LOCK_EX), 0);
  EXPECT_EQ(LockHolder(path), static_cast<uint32_t>(getpid()));
  close(lock);
  EXPECT_EQ(LockHolder(path), std::nullopt);
}

TEST(LockHolder, NoFile_NoHolder) {
  const TempFolder folder;
  EXPECT_EQ(LockHolder((folder / "none").string()), std::nullopt);
}

}  // namespace
}  // namespace seedfed

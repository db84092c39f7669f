#include "cli/tensor_files/scratch_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

TEST(OpenUnnamedFile, AnyFolder_NothingIsSeenInIt) {
  const TempFolder folder;
  const auto fd = OpenUnnamedFile(folder.path());
  ASSERT_TRUE(fd.ok()) << fd.status();
  EXPECT_TRUE(WriteAll(*fd, std::string("abc"), "x").ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  char back[3];
  EXPECT_EQ(pread(*fd, back, 3, 0), 3);
  EXPECT_EQ(std::string(back, 3), "abc");
  close(*fd);
}

TEST(OpenUnnamedFile, NoFolder_SaysSo) {
  const TempFolder folder;
  const std::string none = folder / "none";
  EXPECT_EQ(OpenUnnamedFile(none).status().message(),
            "cannot make a temporary file in " + none + ": No such file or directory");
}

TEST(WriteAll, FullDevice_ResourceExhaustedWithTheName) {
  const int fd = open("/dev/full", O_WRONLY);
  ASSERT_GE(fd, 0);
  const absl::Status status = WriteAll(fd, std::string("abc"), "the thing");
  close(fd);
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_EQ(status.message(), "cannot write the thing: No space left on device");
}

}  // namespace
}  // namespace seedfed

#include "cli/tensor_files/input_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

// Standard input comes from another descriptor while the object lives.
class StandardInput {
 public:
  explicit StandardInput(int fd) : saved_(dup(STDIN_FILENO)) { dup2(fd, STDIN_FILENO); }
  ~StandardInput() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }

 private:
  int saved_;
};

TEST(InputFile, AnyPlace_ReadsIt) {
  const TempFolder folder;
  const auto file = InputFile::Open(folder.Write("a", "0123456789"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->size(), 10u);
  std::string text(3, ' ');
  ASSERT_TRUE((*file)->ReadAt(6, text).ok());
  EXPECT_EQ(text, "678");
}

TEST(InputFile, BehindTheEnd_TruncatedWithTheFileName) {
  const TempFolder folder;
  const std::string path = folder.Write("a", "0123456789");
  const auto file = InputFile::Open(path);
  ASSERT_TRUE(file.ok());
  std::string text(4, ' ');
  EXPECT_EQ((*file)->ReadAt(8, text).message(),
            path + ": the file is truncated: it ends after 10 bytes, 2 more were expected");
}

TEST(InputFile, MissingFileOrFolder_SaysSo) {
  const TempFolder folder;
  EXPECT_EQ(InputFile::Open(folder / "none").status().message(),
            "cannot open " + (folder / "none").string() + ": No such file or directory");
  EXPECT_EQ(InputFile::Open(folder.path()).status().message(),
            "cannot read " + folder.path().string() + ": Is a directory");
}

TEST(InputFile, OtherSize_TruncatedOrTooLong) {
  const TempFolder folder;
  const std::string path = folder.Write("a", "0123456789");
  const auto file = InputFile::Open(path);
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE((*file)->CheckSize(10).ok());
  EXPECT_EQ((*file)->CheckSize(12).message(),
            path + ": the file is truncated: it has 10 bytes; expected 12");
  EXPECT_EQ((*file)->CheckSize(9).message(),
            path + ": the file is too long: it has 10 bytes; expected 9");
}

TEST(InputFile, PipeOnStandardInput_CanBeReadAtAnyPlace) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string sent(300'000, 'x');  // more than a pipe holds
  std::thread writer([&] {
    EXPECT_EQ(write(ends[1], sent.data(), sent.size()), static_cast<ssize_t>(sent.size()));
    EXPECT_EQ(write(ends[1], "end", 3), 3);
    close(ends[1]);
  });
  const StandardInput input(ends[0]);
  const auto file = InputFile::Open("-");
  writer.join();
  close(ends[0]);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->name(), "standard input");
  EXPECT_EQ((*file)->size(), 300'003u);
  std::string text(4, ' ');
  ASSERT_TRUE((*file)->ReadAt(299'999, text).ok());
  EXPECT_EQ(text, "xend");
}

TEST(FileByteReader, SeveralReads_FollowEachOther) {
  const TempFolder folder;
  const auto file = InputFile::Open(folder.Write("a", "0123456789"));
  ASSERT_TRUE(file.ok());
  FileByteReader source(**file, 2);
  std::string text(3, ' ');
  ASSERT_TRUE(source.Read(text).ok());
  ASSERT_TRUE(source.Read(text).ok());
  EXPECT_EQ(text, "567");
}

}  // namespace
}  // namespace seedfed

#include "common/private_file/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "tests/common/token/token_folder.h"

namespace seedfed {
namespace {

class ReadPrivateFileTest : public testing::Test {
 protected:
  // The end of the sentence, or "" when the file is read.
  static std::string Fault(const std::string& path, FileRule rule) {
    const auto file = ReadPrivateFile("key", path, rule, 100);
    if (file.ok()) return "";
    const std::string begin = "the key file " + path + " ";
    const std::string sentence(file.status().message());
    EXPECT_EQ(file.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(sentence.substr(0, begin.size()), begin);
    return sentence.substr(begin.size());
  }

  // The modes with which a file of the user's own is used.
  std::vector<mode_t> Used(FileRule rule) {
    std::vector<mode_t> used;
    for (const mode_t mode : {0400, 0600, 0640, 0620, 0644, 0604, 0602}) {
      if (Fault(folder_.Write("text", mode), rule).empty()) used.push_back(mode);
    }
    return used;
  }

  TokenFolder folder_;
};

TEST_F(ReadPrivateFileTest, File_IsReadUntilTheLimit) {
  const std::string text(50'000, 'x');
  const std::string path = folder_.Write(text);
  EXPECT_EQ(ReadPrivateFile("key", path, FileRule::kSecret, 100'000)->text, text);
  EXPECT_EQ(ReadPrivateFile("key", path, FileRule::kSecret, 50'000)->text, text);
  EXPECT_EQ(ReadPrivateFile("key", path, FileRule::kSecret, 20'000)->text, text.substr(0, 20'000));
  EXPECT_EQ(ReadPrivateFile("key", path, FileRule::kSecret, 10)->info.st_size, 50'000);
  EXPECT_EQ(ReadPrivateFile("key", folder_.Write(""), FileRule::kSecret, 10)->text, "");
}

TEST_F(ReadPrivateFileTest, Modes_AreThoseOfTheRule) {
  using Modes = std::vector<mode_t>;
  EXPECT_EQ(Used(FileRule::kSecret), (Modes{0400, 0600}));
  EXPECT_EQ(Used(FileRule::kTrusted), (Modes{0400, 0600, 0640, 0644, 0604}));
  EXPECT_EQ(Used(FileRule::kAny), (Modes{0400, 0600, 0640, 0620, 0644, 0604, 0602}));
  EXPECT_EQ(Fault(folder_.Write("text", 0640), FileRule::kSecret),
            "is open to others (mode 0640); expected mode 0600");
  EXPECT_EQ(Fault(folder_.Write("text", 0622), FileRule::kTrusted),
            "is writable by others (mode 0622); expected mode 0600");
}

TEST_F(ReadPrivateFileTest, FileOfAnotherUser_IsUsedOnlyByTheLaxestRule) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const std::string path = folder_.Write("text");
  ASSERT_EQ(chown(path.c_str(), 1234, 1234), 0);
  for (const FileRule rule : {FileRule::kSecret, FileRule::kTrusted}) {
    EXPECT_EQ(Fault(path, rule), "belongs to user 1234; expected user 0, who runs this program");
  }
  EXPECT_EQ(Fault(path, FileRule::kAny), "");
}

TEST_F(ReadPrivateFileTest, SecretOfRoot_MayBeReadableByItsGroup) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  const std::string file = folder_.Write("text");
  const auto fault_with = [&file](mode_t mode) {
    EXPECT_EQ(chown(file.c_str(), 0, 1234), 0);
    EXPECT_EQ(chmod(file.c_str(), mode), 0);
    EXPECT_EQ(setegid(1234), 0);
    EXPECT_EQ(seteuid(1234), 0);
    std::string fault = Fault(file, FileRule::kSecret);
    EXPECT_EQ(seteuid(0), 0);
    EXPECT_EQ(setegid(0), 0);
    return fault;
  };
  EXPECT_EQ(fault_with(0440), "");
  EXPECT_EQ(fault_with(0444), "is open to others (mode 0444); expected mode 0600");
  EXPECT_EQ(fault_with(0460), "is open to others (mode 0460); expected mode 0600");
}

TEST_F(ReadPrivateFileTest, WhatIsNoFile_IsRefusedByEveryRule) {
  const std::string pipe = folder_.path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const FileRule rule : {FileRule::kSecret, FileRule::kTrusted, FileRule::kAny}) {
    EXPECT_EQ(Fault(folder_.path() + "/none", rule), "cannot be opened: No such file or directory");
    EXPECT_EQ(Fault(folder_.path(), rule), "is not a file");
    EXPECT_EQ(Fault(pipe, rule), "is not a file");
  }
}

}  // namespace
}  // namespace seedfed

#include "common/token/token_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "tests/common/token/token_folder.h"

namespace seedfed {
namespace {

class ReadTokenFileTest : public ::testing::Test {
 protected:
  void ExpectRefused(const std::string& path, const std::string& why) {
    const auto token = ReadTokenFile(path);
    EXPECT_EQ(token.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(token.status().message(), "the admin token file " + path + " " + why);
  }

  TokenFolder folder_;
};

TEST_F(ReadTokenFileTest, OneLine_IsTheTokenWithoutItsEnd) {
  for (const char* end : {"", "\n", "\r\n"}) {
    const auto token = ReadTokenFile(folder_.Write(std::string("0123456789abcdef") + end));
    ASSERT_TRUE(token.ok()) << token.status();
    EXPECT_EQ(*token, "0123456789abcdef");
  }
  for (const char* end : {"", "\n", "\r\n"}) {
    const auto longest = ReadTokenFile(folder_.Write(std::string(256, '~') + end));
    ASSERT_TRUE(longest.ok()) << longest.status();
    EXPECT_EQ(longest->size(), 256U);
  }
}

TEST_F(ReadTokenFileTest, WrongLength_SaysHowLong) {
  ExpectRefused(folder_.Write("0123456789abcde\n"),
                "holds 15 characters; expected one line of 16 to 256");
  ExpectRefused(folder_.Write(""), "holds 0 characters; expected one line of 16 to 256");
  ExpectRefused(folder_.Write(std::string(257, 'x')),
                "holds more than 256 characters; expected one line of 16 to 256");
  ExpectRefused(folder_.Write(std::string(100000, 'x')),
                "holds more than 256 characters; expected one line of 16 to 256");
}

TEST_F(ReadTokenFileTest, OtherCharactersOrLines_RefusedWithoutShowingThem) {
  const std::string why = "holds more than printable characters; expected one line without spaces";
  ExpectRefused(folder_.Write("0123456789abcdef 0123\n"), why);
  ExpectRefused(folder_.Write("0123456789abcdef\n0123456789abcdef\n"), why);
  ExpectRefused(folder_.Write("0123456789abcdef\n\n"), why);
  ExpectRefused(folder_.Write(std::string(20, '\0')), why);
  ExpectRefused(folder_.Write("0123456789abcd\xc3\xa9\n"), why);
}

TEST_F(ReadTokenFileTest, OpenToOthers_RefusedWithItsMode) {
  for (const auto& [mode, text] : {std::pair<mode_t, const char*>{0644, "0644"},
                                   {0640, "0640"},
                                   {0602, "0602"},
                                   {0620, "0620"}}) {
    ExpectRefused(folder_.Write("0123456789abcdef", mode),
                  std::string("is open to others (mode ") + text + "); expected mode 0600");
  }
  EXPECT_TRUE(ReadTokenFile(folder_.Write("0123456789abcdef", 0400)).ok());
}

TEST_F(ReadTokenFileTest, OfAnotherUser_Refused) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const std::string file = folder_.Write("0123456789abcdef");
  ASSERT_EQ(chown(file.c_str(), 1234, 1234), 0);
  ExpectRefused(file, "belongs to user 1234; expected user 0, who runs this program");
}

TEST_F(ReadTokenFileTest, OfRootAndReadableByItsGroup_ServesAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  const std::string file = folder_.Write("0123456789abcdef", 0440);
  ASSERT_EQ(chown(file.c_str(), 0, 1234), 0);
  ASSERT_EQ(setegid(1234), 0);
  ASSERT_EQ(seteuid(1234), 0);
  const auto token = ReadTokenFile(file);
  ASSERT_EQ(seteuid(0), 0);
  ASSERT_EQ(setegid(0), 0);
  EXPECT_TRUE(token.ok()) << token.status();
}

TEST_F(ReadTokenFileTest, NoFile_SaysWhy) {
  ExpectRefused(folder_.path() + "/none", "cannot be opened: No such file or directory");
  ExpectRefused(folder_.path(), "is not a file");
  const std::string pipe = folder_.path() + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  ExpectRefused(pipe, "is not a file");
}

}  // namespace
}  // namespace seedfed

#include "server/admission/client_token_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/common/token/token_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kDigest = ToHex(Blake2b256("sft_one"));

std::string Problem(const std::string& text) {
  return std::string(ParseClientTokens("tokens", text).status().message());
}

TEST(ClientTokenFile, Lines_KeepCommentsAndTokens) {
  const std::string text = "# staff\n\nleft " + kDigest + " never\nright\t" +
                           ToHex(Blake2b256("sft_two")) + "  2027-01-31T12:00:00Z\n";
  const auto lines = ParseClientTokens("tokens", text);
  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_EQ(lines->size(), 4U);
  EXPECT_EQ((*lines)[0].text, "# staff");
  EXPECT_FALSE((*lines)[0].token.has_value());
  EXPECT_EQ((*lines)[2].token, (ClientToken{"left", Blake2b256("sft_one")}));
  EXPECT_EQ((*lines)[3].token->expires,
            absl::FromCivil(absl::CivilSecond(2027, 1, 31, 12, 0, 0), absl::UTCTimeZone()));
  EXPECT_EQ(MakeClientTokenLine(*(*lines)[2].token).text, (*lines)[2].text);
  EXPECT_EQ(FormatExpiry((*lines)[3].token->expires), "2027-01-31T12:00:00Z");
}

TEST(ClientTokenFile, EmptyText_HasNoTokens) {
  EXPECT_TRUE(ParseClientTokens("tokens", "")->empty());
  EXPECT_TRUE(ParseClientTokens("tokens", "\n")->empty());
}

TEST(ClientTokenFile, BadLines_NameFileAndLine) {
  EXPECT_EQ(Problem("# x\nleft " + kDigest),
            "tokens:2: the line has 2 words; expected a client id, a digest and a time");
  EXPECT_EQ(Problem("le/ft " + kDigest + " never"),
            "tokens:1: client id 'le/ft' is not 1 to 64 of the characters A-Z a-z 0-9 . _ -");
  EXPECT_EQ(Problem("left 12ab never"), "tokens:1: the digest is not 64 hexadecimal digits");
  EXPECT_EQ(
      Problem("left " + kDigest + " tomorrow"),
      "tokens:1: the time is 'tomorrow'; expected one such as 2027-01-31T12:00:00Z, or never");
  EXPECT_EQ(Problem("a " + kDigest + " never\nb " + kDigest + " never"),
            "tokens:2: the digest is that of line 1");
}

TEST(ClientTokenFile, TokenInTheWrongPlace_IsNotRepeated) {
  const std::string token = "sft_" + std::string(43, 'q');
  for (const std::string& line : {token + " x never", "left " + token + " never",
                                  "left " + kDigest + " " + token, token, "left " + token}) {
    EXPECT_THAT(Problem(line), Not(HasSubstr("qqq"))) << line;
    EXPECT_NE(Problem(line), "");
  }
}

TEST(ClientTokenFile, WrittenFile_IsReadAgainAndClosedToOthers) {
  const TokenFolder folder;
  const std::string path = folder.path() + "/tokens";
  const std::vector<ClientTokenLine> lines = {{"# x", std::nullopt},
                                              MakeClientTokenLine({"left", Blake2b256("a")})};
  ASSERT_TRUE(WriteClientTokenFile(path, lines).ok());
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  const auto file = ReadClientTokenFile(path);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->lines.size(), 2U);
  EXPECT_EQ(file->lines[1].token->client_id, "left");
  EXPECT_EQ(LookAtClientTokenFile(path), file->version);

  ASSERT_EQ(chmod(path.c_str(), 0620), 0);
  EXPECT_THAT(std::string(ReadClientTokenFile(path).status().message()),
              HasSubstr("is writable by others (mode 0620); expected mode 0600"));
  EXPECT_THAT(std::string(ReadClientTokenFile(folder.path() + "/none").status().message()),
              HasSubstr("cannot be opened: No such file or directory"));
  EXPECT_THAT(std::string(WriteClientTokenFile(folder.path() + "/no/x", lines).message()),
              HasSubstr("cannot be written: No such file or directory"));
}

}  // namespace
}  // namespace seedfed

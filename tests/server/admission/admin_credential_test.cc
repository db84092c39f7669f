#include "server/admission/admin_credential.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/common/token/token_folder.h"

namespace seedfed {
namespace {

TEST(AdminCredential, ItsTokenOnly_Matches) {
  const TokenFolder folder;
  const auto credential = AdminCredential::Load(folder.Write("correct-horse-battery\n"));
  ASSERT_TRUE(credential.ok()) << credential.status();
  EXPECT_TRUE(credential->Matches("correct-horse-battery"));
  for (const char* other : {"", "correct-horse-battery\n", "correct-horse-batterz",
                            "correct-horse-batter", "correct-horse-battery-staple"}) {
    EXPECT_FALSE(credential->Matches(other)) << other;
  }
}

TEST(AdminCredential, Changed_FileNeedsALoad) {
  const TokenFolder folder;
  const auto credential = AdminCredential::Load(folder.Write("first-token-of-the-day"));
  const auto changed = AdminCredential::Load(folder.Write("second-token-of-the-day"));
  ASSERT_TRUE(credential.ok() && changed.ok());
  EXPECT_TRUE(credential->Matches("first-token-of-the-day"));
  EXPECT_FALSE(credential->Matches("second-token-of-the-day"));
  EXPECT_TRUE(changed->Matches("second-token-of-the-day"));
}

TEST(AdminCredential, BadFile_RefusedWithTheSentence) {
  const TokenFolder folder;
  const std::string file = folder.Write("short");
  const auto credential = AdminCredential::Load(file);
  EXPECT_EQ(credential.status().message(),
            "the admin token file " + file + " holds 5 characters; expected one line of 16 to 256");
}

}  // namespace
}  // namespace seedfed

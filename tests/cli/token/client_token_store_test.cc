#include "cli/token/client_token_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/common/token/token_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

class ClientTokenStoreTest : public ::testing::Test {
 protected:
  std::vector<ClientToken> Listed() const { return *ListClientTokens(path_); }

  TokenFolder folder_;
  const std::string path_ = folder_.path() + "/tokens";
  const absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

TEST_F(ClientTokenStoreTest, Add_KeepsTheDigestOnly) {
  const auto made = AddClientToken(path_, "left", now_ + absl::Hours(24), now_);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_THAT(made->token, MatchesRegex("sft_[A-Za-z0-9_-]+"));
  EXPECT_THAT(made->token, SizeIs(47));
  ASSERT_THAT(Listed(), SizeIs(1));
  EXPECT_EQ(Listed()[0], (ClientToken{"left", Blake2b256(made->token), now_ + absl::Hours(24)}));
  const auto file = ReadClientTokenFile(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  for (const ClientTokenLine& line : file->lines) {
    EXPECT_EQ(line.text.find(made->token.substr(4)), std::string::npos);
  }
}

TEST_F(ClientTokenStoreTest, AddTwice_PointsToRotate) {
  ASSERT_TRUE(AddClientToken(path_, "left", absl::InfiniteFuture(), now_).ok());
  EXPECT_EQ(
      std::string(AddClientToken(path_, "left", now_, now_).status().message()),
      "client left has a token in " + path_ + "; give it another with 'seedfed token rotate'");
  EXPECT_TRUE(AddClientToken(path_, "right", now_ + absl::Seconds(1), now_).ok());
  EXPECT_TRUE(AddClientToken(path_, "right", absl::InfiniteFuture(), now_ + absl::Seconds(1)).ok());
}

TEST_F(ClientTokenStoreTest, Rotate_LeavesTheOldOneGoodForTheOverlap) {
  const auto old = AddClientToken(path_, "left", absl::InfiniteFuture(), now_);
  ASSERT_TRUE(AddClientToken(path_, "right", absl::InfiniteFuture(), now_).ok());
  const auto fresh =
      RotateClientToken(path_, "left", absl::InfiniteFuture(), absl::Hours(24), now_);
  ASSERT_TRUE(fresh.ok()) << fresh.status();
  ASSERT_THAT(Listed(), SizeIs(3));
  EXPECT_EQ(Listed()[0], (ClientToken{"left", Blake2b256(old->token), now_ + absl::Hours(24)}));
  EXPECT_EQ(Listed()[1].expires, absl::InfiniteFuture());
  EXPECT_EQ(Listed()[2].digest, Blake2b256(fresh->token));
  // The first one is over, the second one ends at once.
  ASSERT_TRUE(RotateClientToken(path_, "left", absl::InfiniteFuture(), absl::ZeroDuration(),
                                now_ + absl::Hours(25))
                  .ok());
  EXPECT_THAT(Listed(), SizeIs(2));
}

TEST_F(ClientTokenStoreTest, Revoke_TakesAllOfAClient) {
  ASSERT_TRUE(AddClientToken(path_, "left", absl::InfiniteFuture(), now_).ok());
  ASSERT_TRUE(AddClientToken(path_, "right", absl::InfiniteFuture(), now_).ok());
  ASSERT_TRUE(RotateClientToken(path_, "left", now_, absl::Hours(1), now_).ok());
  EXPECT_EQ(*RevokeClientTokens(path_, "left"), 2U);
  ASSERT_THAT(Listed(), SizeIs(1));
  EXPECT_EQ(Listed()[0].client_id, "right");
  EXPECT_EQ(std::string(RevokeClientTokens(path_, "left").status().message()),
            "client left has no token in " + path_);
}

TEST_F(ClientTokenStoreTest, WrongWishes_AreRefused) {
  EXPECT_THAT(std::string(AddClientToken(path_, "a/b", now_, now_).status().message()),
              HasSubstr("the client id 'a/b' is not 1 to 64 of A-Z a-z 0-9 . _ -"));
  EXPECT_THAT(std::string(RevokeClientTokens(path_, "left").status().message()),
              HasSubstr("cannot be opened: No such file or directory"));
  EXPECT_THAT(
      std::string(AddClientToken(folder_.path() + "/no/x", "left", now_, now_).status().message()),
      HasSubstr("cannot be used: No such file or directory"));
}

}  // namespace
}  // namespace seedfed

#include "server/core/members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seedfed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Members, Join_NumbersTrainersAndEvaluatorsApart) {
  Members members({});
  EXPECT_EQ(members.Join("a", false)->record.number, 0U);
  EXPECT_EQ(members.Join("e", true)->record.number, Members::kFirstEvaluator);
  EXPECT_EQ(members.Join("b", false)->record.number, 1U);
}

TEST(Members, JoinAgain_SameNumberAndNotNew) {
  Members members({});
  EXPECT_TRUE(members.Join("a", false)->is_new);
  const auto again = members.Join("a", false);
  EXPECT_FALSE(again->is_new);
  EXPECT_EQ(again->record.number, 0U);
}

TEST(Members, KnownFromTheStore_NumbersGoOnAfterThem) {
  const std::vector<ClientRecord> known = {{3, "c", false}, {Members::kFirstEvaluator, "e", true}};
  Members members(known);
  EXPECT_EQ(members.Join("c", false)->record.number, 3U);
  EXPECT_EQ(members.Join("d", false)->record.number, 4U);
  EXPECT_EQ(members.Join("f", true)->record.number, Members::kFirstEvaluator + 1);
}

TEST(Members, OtherRole_Refused) {
  Members members({});
  ASSERT_TRUE(members.Join("a", false).ok());
  EXPECT_EQ(members.Join("a", true).status().message(),
            "client 'a' is a trainer of this federation and cannot join as an evaluator");
}

TEST(Members, BadId_RefusedWithTheRule) {
  Members members({});
  for (const std::string& id :
       {std::string(), std::string("a b"), std::string("\x01"), std::string(65, 'x'),
        std::string("\xff\xfe"), std::string("a/b")}) {
    const auto entry = members.Join(id, false);
    EXPECT_EQ(entry.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(entry.status().message()), HasSubstr("1 to 64 of the characters"));
  }
  EXPECT_TRUE(members.Join(std::string(64, 'x'), false).ok());
}

TEST(Members, LiveAndExpected_TakeThoseHeardOfSince) {
  Members members({});
  for (const char* id : {"a", "b", "c"}) ASSERT_TRUE(members.Join(id, false).ok());
  ASSERT_TRUE(members.Join("e", true).ok());
  members.Seen(0, absl::Seconds(10));
  members.Seen(1, absl::Seconds(20));
  members.Seen(Members::kFirstEvaluator, absl::Seconds(30));
  EXPECT_EQ(members.LiveTrainers(absl::Seconds(10)), 2U);
  EXPECT_EQ(members.LiveTrainers(absl::Seconds(11)), 1U);
  members.Seen(2, absl::Seconds(0));
  EXPECT_THAT(members.Expected(absl::Seconds(20)), ElementsAre(1U, Members::kFirstEvaluator));
}

TEST(Members, KnownFromBeforeAndNotHeardOf_Expected) {
  const std::vector<ClientRecord> known = {{0, "a", false}, {Members::kFirstEvaluator, "e", true}};
  Members members(known);
  members.Seen(0, absl::Seconds(1));
  EXPECT_EQ(members.LiveTrainers(absl::ZeroDuration()), 1U);
  EXPECT_THAT(members.Expected(absl::Seconds(2)), ElementsAre(Members::kFirstEvaluator));
}

}  // namespace
}  // namespace seedfed

#include "server/config/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seedfed {
namespace {

const std::vector<absl::string_view> kWords = {"rounds", "clients", "quorum", "min_clients"};

TEST(NearestWord, SmallSlips_AreFound) {
  EXPECT_EQ(NearestWord("quorum", kWords), "quorum");
  EXPECT_EQ(NearestWord("quorm", kWords), "quorum");     // dropped
  EXPECT_EQ(NearestWord("qquorum", kWords), "quorum");   // inserted
  EXPECT_EQ(NearestWord("ruonds", kWords), "rounds");    // swapped
  EXPECT_EQ(NearestWord("clienta", kWords), "clients");  // replaced
  EXPECT_EQ(NearestWord("minclients", kWords), "min_clients");
}

TEST(NearestWord, TheLeastDistance_Wins) {
  const std::vector<absl::string_view> words = {"batches", "batch"};
  EXPECT_EQ(NearestWord("batc", words), "batch");
  EXPECT_EQ(NearestWord("batche", words), "batches");
}

TEST(NearestWord, MoreThanAThird_IsNotNear) {
  const std::vector<absl::string_view> words = {"abcdef"};
  EXPECT_EQ(NearestWord("abcdxy", words), "abcdef");
  EXPECT_EQ(NearestWord("abcxyz", words), "");
  EXPECT_EQ(NearestWord("", words), "");
  EXPECT_EQ(NearestWord(std::string(1000, 'a'), words), "");
}

}  // namespace
}  // namespace seedfed

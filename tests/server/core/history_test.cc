#include "server/core/history.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace seedfed {
namespace {

RoundRecord Round(uint32_t number, size_t bytes) {
  RoundRecord record;
  record.round = number;
  record.words = std::string(bytes, 'w');
  return record;
}

std::vector<uint32_t> Numbers(const std::vector<std::shared_ptr<const RoundRecord>>& rounds) {
  std::vector<uint32_t> numbers;
  for (const auto& round : rounds) numbers.push_back(round->round);
  return numbers;
}

TEST(History, Empty_NothingFound) { EXPECT_TRUE(History(100).From(1, 100).empty()); }

TEST(History, From_GivesTheRoundsInOrder) {
  History history(1000);
  for (uint32_t n = 5; n <= 9; ++n) history.Append(Round(n, 10));
  EXPECT_EQ(Numbers(history.From(7, 1000)), (std::vector<uint32_t>{7, 8, 9}));
  EXPECT_TRUE(history.From(4, 1000).empty());
  EXPECT_TRUE(history.From(10, 1000).empty());
}

TEST(History, From_StopsAtTheByteLimitButGivesOne) {
  History history(1000);
  for (uint32_t n = 1; n <= 5; ++n) history.Append(Round(n, 10));
  EXPECT_EQ(Numbers(history.From(2, 25)), (std::vector<uint32_t>{2, 3}));
  EXPECT_EQ(Numbers(history.From(2, 1)), std::vector<uint32_t>{2});
}

TEST(History, OverCapacity_OldestRoundsGo) {
  History history(30);
  for (uint32_t n = 1; n <= 5; ++n) history.Append(Round(n, 10));
  EXPECT_TRUE(history.From(2, 1000).empty());
  EXPECT_EQ(Numbers(history.From(3, 1000)), (std::vector<uint32_t>{3, 4, 5}));
}

TEST(History, OneRoundLargerThanCapacity_IsKept) {
  History history(5);
  history.Append(Round(1, 10));
  history.Append(Round(2, 10));
  EXPECT_EQ(Numbers(history.From(2, 1000)), std::vector<uint32_t>{2});
}

}  // namespace
}  // namespace seedfed

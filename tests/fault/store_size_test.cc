// What a store takes on disk after a long federation with the default retention.

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/e2e/process.h"
#include "tests/fault/history.h"

namespace seedfed {
namespace {

TEST(StoreSize, ThousandRoundsOfAHundredClients_UnderThreeTimesTheWords) {
  const TempFolder folder;
  const std::string store = folder / "store";
  const auto words = MakeHistory(store, "784-64-10", 1000, 100);
  ASSERT_TRUE(words.ok()) << words.status();
  uintmax_t bytes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(store)) bytes += entry.file_size();
  EXPECT_GT(bytes, *words);
  EXPECT_LT(bytes, 3 * *words);
}

}  // namespace
}  // namespace seedfed

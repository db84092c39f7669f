#include "cli/simulate/round_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;

std::string Line(int round) {
  return R"({"round":)" + std::to_string(round) +
         R"(,"accuracy":0.7,"loss":0.9,"bytes_up":4051,"bytes_down":4016,"seconds":1.5,)"
         R"("fingerprint":"ab01","base_checksum":"cd02"})";
}

TEST(ParseRoundLine, AllFields_Read) {
  const absl::StatusOr<EvaluatedRound> record = ParseRoundLine(Line(3));
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->round, 3u);
  EXPECT_EQ(record->accuracy, 0.7);
  EXPECT_EQ(record->loss, 0.9);
  EXPECT_EQ(record->bytes_up, 4051u);
  EXPECT_EQ(record->bytes_down, 4016u);
  EXPECT_EQ(record->seconds, 1.5);
  EXPECT_EQ(record->fingerprint, "ab01");
  EXPECT_EQ(record->base_checksum, "cd02");
}

TEST(ParseRoundLine, UnknownField_Ignored) {
  std::string line = Line(3);
  line.insert(1, R"("later":{"a":[1]},)");
  EXPECT_TRUE(ParseRoundLine(line).ok());
}

TEST(ParseRoundLine, NullLoss_NotANumber) {
  std::string line = Line(3);
  line.replace(line.find("0.9"), 3, "null");
  const absl::StatusOr<EvaluatedRound> record = ParseRoundLine(line);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_TRUE(std::isnan(record->loss));
}

TEST(ParseRoundLine, FieldMissingOrOfAnotherKind_NamesIt) {
  for (const char* field : {"round", "accuracy", "loss", "bytes_up", "bytes_down", "seconds",
                            "fingerprint", "base_checksum"}) {
    std::string line = Line(3);
    line.replace(line.find(field), 1, "_");
    EXPECT_THAT(std::string(ParseRoundLine(line).status().message()),
                HasSubstr("has no usable '" + std::string(field) + "'"));
  }
  for (const char* round : {"-1", "4294967296", "1.5", "\"1\""}) {
    std::string line = Line(3);
    line.replace(line.find(":3,"), 3, ":" + std::string(round) + ",");
    EXPECT_THAT(std::string(ParseRoundLine(line).status().message()), HasSubstr("'round'")) << line;
  }
}

TEST(ParseRoundLine, NotAnObject_SaysSo) {
  for (const char* line : {"", "garbage", "[1]", "{\"round\":1"}) {
    EXPECT_THAT(std::string(ParseRoundLine(line).status().message()),
                HasSubstr("is not a JSON object"));
  }
}

TEST(RoundFeed, NoFileYet_NoRecords) {
  const TempFolder folder;
  RoundFeed feed(folder / "rounds.jsonl");
  const auto records = feed.Poll();
  ASSERT_TRUE(records.ok());
  EXPECT_TRUE(records->empty());
}

TEST(RoundFeed, FileGrowsInPieces_EachLineOnceWhenItIsWhole) {
  const TempFolder folder;
  RoundFeed feed(folder / "rounds.jsonl");
  std::ofstream file(folder / "rounds.jsonl");
  const auto rounds_after = [&](const std::string& piece) {
    file << piece << std::flush;
    std::vector<uint32_t> rounds;
    const auto records = feed.Poll();
    EXPECT_TRUE(records.ok()) << records.status();
    if (records.ok()) {
      for (const EvaluatedRound& record : *records) rounds.push_back(record.round);
    }
    return rounds;
  };
  const std::string second = Line(2);
  EXPECT_THAT(rounds_after(Line(1) + "\n" + second.substr(0, 20)), testing::ElementsAre(1));
  EXPECT_THAT(rounds_after(second.substr(20)), testing::IsEmpty());
  EXPECT_THAT(rounds_after("\n" + Line(3) + "\n\n" + Line(4) + "\n"),
              testing::ElementsAre(2, 3, 4));
  EXPECT_THAT(rounds_after(""), testing::IsEmpty());
}

TEST(RoundFeed, DamagedLine_Error) {
  const TempFolder folder;
  folder.Write("rounds.jsonl", Line(1) + "\nnonsense\n");
  RoundFeed feed(folder / "rounds.jsonl");
  EXPECT_EQ(feed.Poll().status().message(), "the evaluator's line 'nonsense' is not a JSON object");
}

}  // namespace
}  // namespace seedfed

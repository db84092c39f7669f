#include "client/data/csv_records.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "tests/client/data/temp_folder.h"

namespace seedfed {
namespace {

using Table = std::vector<std::vector<std::string>>;

struct Parsed {
  Table records;
  std::vector<size_t> lines;
};

absl::StatusOr<Parsed> Parse(const std::string& text) {
  std::unique_ptr<ByteSource> source = OpenMemory("FILE", AsBytes(text)).value();
  CsvRecords records(*source);
  Parsed parsed;
  while (true) {
    absl::StatusOr<bool> more = records.Next();
    if (!more.ok()) return more.status();
    if (!*more) return parsed;
    parsed.records.emplace_back(records.fields().begin(), records.fields().end());
    parsed.lines.push_back(records.line());
  }
}

TEST(CsvRecords, PlainFields_AreSplitAtCommas) {
  EXPECT_EQ(Parse("a,b,c\n1,2,3\n")->records, (Table{{"a", "b", "c"}, {"1", "2", "3"}}));
  EXPECT_EQ(Parse("a,,\n,,\n")->records, (Table{{"a", "", ""}, {"", "", ""}}));
}

TEST(CsvRecords, LineEnds_MayBeLfCrLfOrMissing) {
  const Table expected = {{"1", "2"}, {"3", "4"}};
  EXPECT_EQ(Parse("1,2\n3,4")->records, expected);
  EXPECT_EQ(Parse("1,2\r\n3,4\r\n")->records, expected);
  EXPECT_EQ(Parse("1,2\r\n3,4\n")->records, expected);
}

TEST(CsvRecords, EmptyInput_HasNoRecords) {
  EXPECT_EQ(Parse("")->records, Table{});
  EXPECT_EQ(Parse("\n\r\n\n")->records, Table{});
  EXPECT_EQ(Parse("\xef\xbb\xbf")->records, Table{});
}

TEST(CsvRecords, EmptyLines_AreSkippedButCounted) {
  const Parsed parsed = Parse("\n1\n\r\n\n2\n\n").value();
  EXPECT_EQ(parsed.records, (Table{{"1"}, {"2"}}));
  EXPECT_EQ(parsed.lines, (std::vector<size_t>{2, 5}));
}

TEST(CsvRecords, ByteOrderMark_IsDropped) {
  EXPECT_EQ(Parse("\xef\xbb\xbf\"a\",b\n")->records, (Table{{"a", "b"}}));
}

TEST(CsvRecords, QuotedFields_FollowRfc4180) {
  EXPECT_EQ(Parse("\"a\",\"b,c\",\"d\"\"e\"\n")->records, (Table{{"a", "b,c", "d\"e"}}));
  EXPECT_EQ(Parse("\"\",\"\"\"\",x\n")->records, (Table{{"", "\"", "x"}}));
  EXPECT_EQ(Parse("\"\"\n")->records, (Table{{""}}));
}

TEST(CsvRecords, LineEndsInQuotes_BelongToTheField) {
  const Parsed parsed = Parse("\"a\nb\r\nc\",1\n2,3\n").value();
  EXPECT_EQ(parsed.records, (Table{{"a\nb\r\nc", "1"}, {"2", "3"}}));
  EXPECT_EQ(parsed.lines, (std::vector<size_t>{1, 4}));
}

TEST(CsvRecords, MisplacedQuotes_AreRefusedWithTheirPosition) {
  EXPECT_EQ(Sentence(Parse("1,2\n3,4\"\n")),
            "FILE line 2 column 2: a quote inside a field that does not start with one");
  EXPECT_EQ(Sentence(Parse("1,\"2\"x,3\n")), "FILE line 1 column 2: text after the closing quote");
  EXPECT_EQ(Sentence(Parse("1,2\n\"3,4\n5,6\n")),
            "FILE line 2 column 1: the closing quote is missing");
}

TEST(CsvRecords, RecordsAcrossBuffers_AreWhole) {
  std::string text;
  Table expected;
  for (int i = 0; i < 60'000; ++i) {
    text += std::to_string(i) + ",\"x\n" + std::to_string(i * 7) + "\"\n";
    expected.push_back({std::to_string(i), "x\n" + std::to_string(i * 7)});
  }
  ASSERT_GT(text.size(), 800'000u);
  EXPECT_TRUE(Parse(text)->records == expected);
}

TEST(CsvRecords, LongestRecord_IsAccepted) {
  const std::string record(kMaxCsvRecordBytes - 1, 'x');
  EXPECT_EQ(Parse("a\n" + record + "\n")->records[1][0].size(), record.size());
}

TEST(CsvRecords, TooLongRecord_IsRefused) {
  EXPECT_EQ(Sentence(Parse("a\n" + std::string(kMaxCsvRecordBytes, 'x') + "\n")),
            "FILE line 2 is longer than 4194304 bytes");
  EXPECT_EQ(Sentence(Parse("a\n\"" + std::string(kMaxCsvRecordBytes, 'x') + "\n")),
            "FILE line 2 is longer than 4194304 bytes: is the closing quote of a field missing?");
}

}  // namespace
}  // namespace seedfed

#include "cli/reproduce/results.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

std::vector<ResultTable> Example() {
  ResultTable first;
  first.name = "first";
  first.title = "A title";
  first.columns = {{"name", "name", false}, {"bytes", "bytes"}, {"error", "error"}};
  first.rows = {{TextCell("a, \"b\""), CountCell(12345), FixedCell(0.126, 2)},
                {TextCell("c"), {}, GeneralCell(2.5e-8, 3)}};
  first.notes = {"One sentence."};
  ResultTable second;
  second.name = "second";
  second.title = "Another";
  second.columns = {{"good", "good"}};
  second.rows = {{YesNoCell(true)}, {YesNoCell(false)}};
  return {first, second};
}

TEST(ResultsText, Tables_AreAlignedWithNotes) {
  EXPECT_EQ(ResultsText(Example()), R"(A title

name     bytes    error
a, "b"  12,345     0.13
c               2.5e-08

- One sentence.


Another

good
 yes
  no
)");
}

TEST(ResultsText, LongNotes_AreWrappedWithoutLosingWords) {
  ResultTable table;
  std::string note;
  for (int i = 0; i < 60; ++i) note += (i == 0 ? "word" : " word") + std::to_string(i);
  table.columns = {{"x", "x"}};
  table.notes = {note};
  const std::string text = ResultsText({{table}});
  size_t words = 0, longest = 0, start = 0;
  for (size_t end; (end = text.find('\n', start)) != std::string::npos; start = end + 1) {
    longest = std::max(longest, end - start);
  }
  for (size_t at = 0; (at = text.find("word", at)) != std::string::npos; ++at) ++words;
  EXPECT_EQ(words, 60U);
  EXPECT_LE(longest, 96U);
  EXPECT_GT(longest, 85U);
}

TEST(ResultsJson, Rows_AreObjectsWithFullNumbers) {
  EXPECT_EQ(nlohmann::ordered_json::parse(ResultsJson(Example())),
            nlohmann::ordered_json::parse(R"({
    "tables": [
      {"name": "first", "title": "A title",
       "rows": [{"name": "a, \"b\"", "bytes": 12345, "error": 0.126},
                {"name": "c", "bytes": null, "error": 2.5e-08}],
       "notes": ["One sentence."]},
      {"name": "second", "title": "Another", "rows": [{"good": true}, {"good": false}], "notes": []}
    ]})"));
}

TEST(ResultsCsv, EveryEntry_IsALine) {
  EXPECT_EQ(ResultsCsv(Example()), R"(table,row,column,value
first,1,name,"a, ""b"""
first,1,bytes,12345
first,1,error,0.126
first,2,name,c
first,2,error,2.5e-08
second,1,good,true
second,2,good,false
)");
}

}  // namespace
}  // namespace seedfed

#include "server/http/query.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace seedfed {
namespace {

constexpr std::array<absl::string_view, 3> kKnown = {"first", "points", "sort"};
constexpr std::array<absl::string_view, 2> kSorts = {"id", "seen"};

std::string Refusal(absl::string_view text) {
  const auto query = Query::Parse(text, kKnown);
  EXPECT_EQ(query.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(query.status().message());
}

TEST(Query, Values_AreFoundByName) {
  const Query query = Query::Parse("first=12&sort=s%65en&&", kKnown).value();
  EXPECT_EQ(query.Number("first", 100, 7).value(), 12u);
  EXPECT_EQ(query.Number("points", 100, 7).value(), 7u);
  EXPECT_EQ(query.Choice("sort", kSorts).value(), "seen");
  EXPECT_EQ(Query::Parse("", kKnown)->Choice("sort", kSorts).value(), "id");
}

TEST(Query, Numbers_AreWholeAndInRange) {
  for (const char* text :
       {"", "-1", "+1", "1.5", "1e3", " 1", "x", "101", "99999999999999999999"}) {
    const Query query =
        Query::Parse(std::string("first=") + (*text == '+' ? "%2B1" : text), kKnown).value();
    EXPECT_EQ(query.Number("first", 100, 0).status().message(),
              std::string("first is '") + text + "'; expected a whole number from 0 to 100");
  }
  EXPECT_EQ(
      Query::Parse("first=18446744073709551615", kKnown)->Number("first", ~uint64_t{0}, 0).value(),
      ~uint64_t{0});
}

TEST(Query, UnknownChoice_IsRefused) {
  EXPECT_EQ(Query::Parse("sort=name", kKnown)->Choice("sort", kSorts).status().message(),
            "sort is 'name'; expected id or seen");
}

TEST(Query, UnknownOrDoubleNames_AreRefused) {
  EXPECT_EQ(Refusal("frist=1"),
            "the query has an unknown parameter 'frist'; expected first, points, sort");
  EXPECT_EQ(Query::Parse("a=1", {}).status().message(),
            "the query has an unknown parameter 'a'; expected none");
  EXPECT_EQ(Refusal("first=1&first=2"), "first is given more than once");
}

TEST(Query, WrongEncoding_IsRefused) {
  for (const char* text : {"first=%", "first=%4", "first=%4g", "%zz=1"}) {
    EXPECT_EQ(Refusal(text), std::string("'") + text +
                                 "' in the query is not encoded; expected two hexadecimal digits "
                                 "after each '%'");
  }
}

}  // namespace
}  // namespace seedfed

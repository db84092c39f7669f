#include "cli/export/export_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace seedfed {
namespace {

using testing::HasSubstr;
using testing::Not;

Exported Example() {
  Exported exported;
  exported.file = "run.words";
  exported.format = ExportFormat::kWords;
  exported.bytes = 12345;
  exported.round = 3;
  exported.model = "6-5-3";
  exported.weights = 53;
  exported.holds_key = true;
  return exported;
}

TEST(ExportText, KeyInTheFile_IsSaid) {
  EXPECT_THAT(ExportText(Example()), HasSubstr("holds the federation key"));
  Exported without = Example();
  without.holds_key = false;
  EXPECT_THAT(ExportText(without), Not(HasSubstr("key")));
  EXPECT_THAT(ExportText(without), HasSubstr("run.words, words, 12,345 bytes"));
}

TEST(ExportJson, Fields_AndUnknownsAsNull) {
  const auto document = nlohmann::json::parse(ExportJson(Example()));
  EXPECT_EQ(document["file"], "run.words");
  EXPECT_EQ(document["format"], "words");
  EXPECT_EQ(document["bytes"], 12345);
  EXPECT_EQ(document["round"], 3);
  EXPECT_EQ(document["holds_key"], true);
  EXPECT_EQ(document["blake2b_128"], std::string(32, '0'));
  EXPECT_TRUE(document["input_mean"].is_null());
}

}  // namespace
}  // namespace seedfed

#include "client/data/csv_examples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "common/base/bytes.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

class Table {
 public:
  Table(std::string text, std::optional<std::string> label_column)
      : text_(std::move(text)),
        source_(OpenMemory("FILE", AsBytes(text_)).value()),
        examples_(CsvExamples::Open(*source_, label_column)) {}

  CsvExamples& operator*() { return **examples_; }
  const absl::Status& status() const { return examples_.status(); }

 private:
  const std::string text_;
  const std::unique_ptr<ByteSource> source_;
  const absl::StatusOr<std::unique_ptr<CsvExamples>> examples_;
};

TEST(CsvExamples, WithoutLabelColumn_AllColumnsAreFeatures) {
  Table table("1,2\n3,4\n", std::nullopt);
  ASSERT_TRUE(table.status().ok()) << table.status();
  EXPECT_EQ((*table).features(), 2u);
  EXPECT_FALSE((*table).labelled());
  std::array<float, 2> features;
  uint32_t label = 9;
  EXPECT_TRUE((*table).Next(features, label).value());
  EXPECT_THAT(features, ElementsAre(1, 2));
  EXPECT_TRUE((*table).Next(features, label).value());
  EXPECT_THAT(features, ElementsAre(3, 4));
  EXPECT_FALSE((*table).Next(features, label).value());
  EXPECT_EQ(label, 9u);
}

TEST(CsvExamples, WithoutLabelColumn_RecordWithoutAnyNumberIsAHeader) {
  Table table("width,height\n3,4\n", std::nullopt);
  std::array<float, 2> features;
  uint32_t label = 0;
  EXPECT_TRUE((*table).Next(features, label).value());
  EXPECT_THAT(features, ElementsAre(3, 4));
}

TEST(CsvExamples, WithoutLabelColumn_OneMistypedFieldIsNoHeader) {
  Table table("3,x\n3,4\n", std::nullopt);
  std::array<float, 2> features;
  uint32_t label = 0;
  EXPECT_EQ((*table).Next(features, label).status().message(),
            "FILE line 1 column 2: 'x' is not a number");
}

TEST(CsvExamples, HeaderAlone_Refused) {
  Table table("width,height\n", std::nullopt);
  std::array<float, 2> features;
  uint32_t label = 0;
  EXPECT_EQ((*table).Next(features, label).status().message(), "FILE has a header but no examples");
}

TEST(CsvExamples, Empty_Refused) {
  EXPECT_EQ(Table("", std::nullopt).status().message(), "FILE is empty, expected a CSV file");
}

TEST(CsvExamples, LabelByName_IsGivenApart) {
  Table table("a,label,b\n1,7,2\n", "label");
  EXPECT_EQ((*table).features(), 2u);
  EXPECT_TRUE((*table).labelled());
  std::array<float, 2> features;
  uint32_t label = 0;
  EXPECT_TRUE((*table).Next(features, label).value());
  EXPECT_THAT(features, ElementsAre(1, 2));
  EXPECT_EQ(label, 7u);
}

}  // namespace
}  // namespace seedfed

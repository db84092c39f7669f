#include "cli/predict/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/predict/example_inputs.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

TEST(CsvReader, Batches_CoverTheTable) {
  const TempFolder folder;
  const std::string path = folder.Write("t.csv", "a,class,b\n1,7,2\n3,8,4\n5,9,6\n");
  const auto reader = OpenCsvExamples(path, "class").value();
  EXPECT_TRUE(reader->labelled());
  const ReadExamples all = ReadAll(*reader, 2).value();
  EXPECT_THAT(all.rows, ElementsAre(ElementsAre(1, 2), ElementsAre(3, 4), ElementsAre(5, 6)));
  EXPECT_THAT(all.labels, ElementsAre(7, 8, 9));
  EXPECT_THAT(all.batches, ElementsAre(2, 1));
}

TEST(CsvReader, WithoutLabelColumn_NotLabelled) {
  const TempFolder folder;
  const auto reader = OpenCsvExamples(folder.Write("t.csv", "1,2\n"), "").value();
  EXPECT_FALSE(reader->labelled());
  EXPECT_THAT(ReadAll(*reader, 9)->rows, ElementsAre(ElementsAre(1, 2)));
}

TEST(CsvReader, NotANumber_NamesLineAndColumn) {
  const TempFolder folder;
  const std::string path = folder.Write("t.csv", "1,2\n3,nan\n");
  EXPECT_EQ(ReadAll(*OpenCsvExamples(path, "").value(), 9).status().message(),
            path + " line 2 column 2: 'nan' is not a finite number");
}

}  // namespace
}  // namespace seedfed

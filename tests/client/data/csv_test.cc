#include "client/data/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "tests/client/data/temp_folder.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

absl::StatusOr<Dataset> Parse(const std::string& text, const std::string& label,
                              float scale = 1.0f) {
  return ReadCsv(*OpenMemory("FILE", AsBytes(text)).value(), label, scale);
}

std::vector<float> RowOf(const Dataset& dataset, size_t example) {
  std::vector<float> row(dataset.features());
  dataset.Row(example, row);
  return row;
}

TEST(Csv, LabelByName_IsTakenOut) {
  const Dataset dataset = Parse("a,label,b\n1,7,-2.5\n3e2,0,.5\n", "label").value();
  EXPECT_EQ(dataset.features(), 2u);
  EXPECT_THAT(dataset.labels(), ElementsAre(7, 0));
  EXPECT_THAT(RowOf(dataset, 0), ElementsAre(1.0f, -2.5f));
  EXPECT_THAT(RowOf(dataset, 1), ElementsAre(300.0f, 0.5f));
}

TEST(Csv, LabelByIndex_CountsFromZero) {
  const Dataset dataset = Parse("5,1,2\n6,3,4\n", "0").value();
  EXPECT_THAT(dataset.labels(), ElementsAre(5, 6));
  EXPECT_THAT(RowOf(dataset, 1), ElementsAre(3.0f, 4.0f));
  EXPECT_THAT(Parse("5,1,2\n6,3,4\n", "2")->labels(), ElementsAre(2, 4));
}

TEST(Csv, LabelByIndex_HeaderIsRecognisedByItsLabelField) {
  EXPECT_THAT(Parse("label,0,1\n5,1,2\n", "0")->labels(), ElementsAre(5));
  EXPECT_THAT(Parse("a,b,\n5,1,2\n", "2")->labels(), ElementsAre(2));
  EXPECT_EQ(Sentence(Parse("5,abc,2\n6,1,2\n", "0")),
            "FILE line 1 column 2: 'abc' is not a number");
  EXPECT_EQ(Sentence(Parse("5.5,1,2\n", "0")),
            "FILE line 1 column 1: label '5.5' is not a whole number from 0 to 4294967295");
}

TEST(Csv, Scale_IsApplied) {
  EXPECT_THAT(RowOf(Parse("1,255,51\n", "0", 1.0f / 255).value(), 0),
              ElementsAre(255 * (1.0f / 255), 51 * (1.0f / 255)));
  EXPECT_EQ(Sentence(Parse("1,255,51\n", "0", 0.0f)),
            "scale 0 of FILE is not a finite number other than 0");
}

TEST(Csv, QuotesSpacesSignsAndCrLf_AreAccepted) {
  const Dataset dataset =
      Parse("\xef\xbb\xbf\"the, label\", x ,\"y\"\r\n\"3\", +1.5 ,\" -2\"\r\n4,1,\"1e-3\"",
            "the, label")
          .value();
  EXPECT_THAT(dataset.labels(), ElementsAre(3, 4));
  EXPECT_THAT(RowOf(dataset, 0), ElementsAre(1.5f, -2.0f));
  EXPECT_THAT(RowOf(dataset, 1), ElementsAre(1.0f, 1e-3f));
}

TEST(Csv, CommaLocale_ChangesNothing) {
  const char* changed = std::setlocale(LC_ALL, "de_DE.UTF-8");
  const Dataset dataset = Parse("1,2.5\n", "0").value();
  std::setlocale(LC_ALL, "C");
  EXPECT_THAT(RowOf(dataset, 0), ElementsAre(2.5f)) << (changed != nullptr ? changed : "C");
}

TEST(Csv, TextForANumber_IsRefusedWithItsPlace) {
  EXPECT_EQ(Sentence(Parse("label,height,age\n1,2,3\n\n0,1,2\n1,7,abc\n", "label")),
            "FILE line 5 column 3 (\"age\"): 'abc' is not a number");
  for (const char* text : {"", " ", "1x", "0x10", "1,5", "--1", "+-1", "+", "1e", "1 2", "."}) {
    const std::string field = std::string("\"") + text + "\"";
    EXPECT_THAT(Sentence(Parse("1,2\n1," + field + "\n", "0")),
                testing::MatchesRegex("FILE line 2 column 2: '.*' is not a number"))
        << text;
  }
}

TEST(Csv, LongOrUnprintableText_IsShortenedAndEscaped) {
  EXPECT_EQ(Sentence(Parse("1," + std::string(100, 'x') + "\n", "0")),
            "FILE line 1 column 2: '" + std::string(40, 'x') + "...' is not a number");
  EXPECT_EQ(Sentence(Parse(std::string("1,\x1b[2J\0\n", 8), "0")),
            "FILE line 1 column 2: '\\033[2J\\000' is not a number");
  EXPECT_EQ(Sentence(Parse("1," + std::string(39, 'x') + "\xc3\xa4\n", "0")),
            "FILE line 1 column 2: '" + std::string(39, 'x') + "...' is not a number");
}

TEST(Csv, NonFiniteNumbers_AreRefused) {
  for (const std::string text : {"nan", "inf", "-inf", "NaN", "Infinity", "-nan"}) {
    EXPECT_EQ(Sentence(Parse("1,2\n1," + text + "\n", "0")),
              "FILE line 2 column 2: '" + text + "' is not a finite number");
  }
}

TEST(Csv, NumbersBeyondFloats_AreRefused) {
  for (const std::string text : {"1e39", "-3.5e38", "1e999"}) {
    EXPECT_EQ(Sentence(Parse("1," + text + "\n", "0")),
              "FILE line 1 column 2: '" + text + "' is beyond the range of 32-bit floats");
  }
  EXPECT_EQ(Sentence(Parse("1,1e38\n", "0", 100.0f)),
            "FILE line 1 column 2: '1e38' is beyond the range of 32-bit floats");
  EXPECT_THAT(RowOf(Parse("1,3.4e38,1e-60\n", "0").value(), 0), ElementsAre(3.4e38f, 0.0f));
}

TEST(Csv, LabelThatIsNoWholeNumber_IsRefused) {
  for (const std::string text : {"-1", "3.5", "", "cat", "4294967296", "1e2", "nan"}) {
    EXPECT_EQ(Sentence(Parse("x,label\n1," + text + "\n", "label")),
              "FILE line 2 column 2 (\"label\"): label '" + text +
                  "' is not a whole number from 0 to 4294967295");
  }
  EXPECT_THAT(Parse("x,label\n1,4294967295\n", "label")->labels(), ElementsAre(4294967295));
}

TEST(Csv, RaggedRow_IsRefusedWithBothCounts) {
  EXPECT_EQ(Sentence(Parse("\na,b,label\n1,2,3\n1,2\n", "label")),
            "FILE line 4 has 2 columns, expected 3 as in line 2");
  EXPECT_EQ(Sentence(Parse("1,2,3\n1,2,3,\n", "0")),
            "FILE line 2 has 4 columns, expected 3 as in line 1");
}

TEST(Csv, LabelColumnThatDoesNotExist_IsRefused) {
  EXPECT_EQ(Sentence(Parse("a,b,c\n1,2,3\n", "lable")),
            "FILE has no column \"lable\": the columns of its header are a, b, c");
  EXPECT_EQ(
      Sentence(Parse("a,b,c,d,e,f,g,h,i\n", "lable")),
      "FILE has no column \"lable\": the columns of its header are a, b, c, d, e, f, g, h, ...");
  EXPECT_EQ(Sentence(Parse("1,2,3\n", "label")),
            "FILE has no column \"label\": the columns of its header are 1, 2, 3");
  EXPECT_EQ(Sentence(Parse("1,2,3\n", "3")),
            "label column 3 does not exist in FILE: it has 3 columns (0 to 2)");
  EXPECT_EQ(Sentence(Parse("1,2\n", "99999999999999999999")),
            "label column 99999999999999999999 does not exist in FILE: it has 2 columns (0 to 1)");
  EXPECT_EQ(Sentence(Parse("a,b,a\n1,2,3\n", "a")),
            "FILE has 2 columns \"a\", expected one label column");
}

TEST(Csv, OneColumn_IsRefused) {
  EXPECT_EQ(Sentence(Parse("label\n1\n", "label")),
            "FILE has only one column, expected a label column and at least one feature");
}

TEST(Csv, NothingInIt_IsRefused) {
  EXPECT_EQ(Sentence(Parse("", "label")), "FILE is empty, expected a CSV file");
  EXPECT_EQ(Sentence(Parse("\r\n\n", "0")), "FILE is empty, expected a CSV file");
  EXPECT_EQ(Sentence(Parse("a,label\n", "label")), "FILE has a header but no examples");
  EXPECT_EQ(Sentence(Parse("a,label\n\n", "1")), "FILE has a header but no examples");
}

TEST(LoadCsv, PlainAndGzip_AreRead) {
  TempFolder folder;
  const std::string text = "label,x\n1,2\n0,3\n";
  EXPECT_THAT(LoadCsv(folder.Write("a.csv", text), "label")->labels(), ElementsAre(1, 0));
  EXPECT_THAT(LoadCsv(folder.Write("a.csv.gz", Gzip(text)), "label")->labels(), ElementsAre(1, 0));
}

TEST(LoadCsv, UnreadableFile_IsNamed) {
  TempFolder folder;
  EXPECT_EQ(Sentence(LoadCsv(folder.Path("no.csv"), "0")),
            folder.Path("no.csv") + " does not exist");
  EXPECT_EQ(Sentence(LoadCsv(folder.path(), "0")),
            folder.path() + " is a directory, expected a file");
  const std::string gzip = Gzip("1,2\n3,4\n");
  const std::string cut = folder.Write("cut.csv.gz", gzip.substr(0, gzip.size() - 3));
  EXPECT_EQ(Sentence(LoadCsv(cut, "0")), cut + " is truncated: its gzip data end early");
}

TEST(Csv, CheckAgainstModel_NamesTheFile) {
  const Dataset dataset = Parse("label,x,y\n1,2,3\n12,2,3\n", "label").value();
  EXPECT_EQ(Sentence(dataset.CheckAgainstModel(2, 10)),
            "label 12 of example 1 in FILE is out of range: the model has 10 classes (0 to 9)");
  EXPECT_EQ(Sentence(dataset.CheckAgainstModel(3, 10)),
            "2 features per example of FILE do not match the model's 3 inputs");
}

}  // namespace
}  // namespace seedfed

#include "cli/inspect/words_file_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "cli/inspect/inspect.h"
#include "tests/cli/model_source/example_models.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class WordsFileReportTest : public testing::Test {
 protected:
  Inspection Look(InspectOptions options) const {
    std::istringstream none;
    const auto inspection = Inspect(options, none);
    EXPECT_TRUE(inspection.ok()) << inspection.status().message();
    return *inspection;
  }

  TempFolder folder_;
};

TEST_F(WordsFileReportTest, Rolling_ShowsRoundsModelAndThatTheWordsAreValid) {
  const ExampleModel example(Mode::kRolling, 3);
  WordsHeader header = example.Header();
  header.normalisation = {.mean = 0.5, .stddev = 0.25};
  const std::string path = example.WriteWords(folder_, header);
  const Inspection text = Look({.input = path});
  EXPECT_TRUE(text.valid);
  EXPECT_THAT(text.text, HasSubstr("3 rounds"));
  EXPECT_THAT(text.text, HasSubstr(ToHex(example.model.fingerprint())));
  EXPECT_THAT(text.text, HasSubstr("(x - 0.5) / 0.25"));
  EXPECT_THAT(text.text, HasSubstr("not shown (--show-key)"));
  EXPECT_THAT(text.text, Not(HasSubstr(ToHex(ExampleKey().bytes()))));
  const auto json =
      nlohmann::json::parse(Look({.input = path, .show_key = true, .json = true}).text);
  EXPECT_EQ(json.at("kind"), "words_file");
  EXPECT_EQ(json.at("round"), 3);
  EXPECT_EQ(json.at("rounds"), 3);
  EXPECT_EQ(json.at("valid"), true);
  EXPECT_EQ(json.at("key"), ToHex(ExampleKey().bytes()));
  EXPECT_EQ(json.at("input_mean"), 0.5);
  EXPECT_EQ(json.at("model").at("mode"), "rolling");
}

TEST_F(WordsFileReportTest, WithoutTheKey_SaysSo) {
  const ExampleModel example(Mode::kRolling, 2);
  WordsHeader header = example.Header();
  header.key.reset();
  const std::string path = example.WriteWords(folder_, header);
  const Inspection text = Look({.input = path});
  EXPECT_TRUE(text.valid);
  EXPECT_THAT(text.text, HasSubstr("not in the file"));
  EXPECT_THAT(text.text, HasSubstr("cannot be said without the key"));
  const auto json = nlohmann::json::parse(Look({.input = path, .json = true}).text);
  EXPECT_FALSE(json.contains("valid"));
  EXPECT_EQ(json.at("has_key"), false);
}

TEST_F(WordsFileReportTest, WordsOfAnotherKey_AreNotValid) {
  const ExampleModel example(Mode::kPure, 2);
  WordsHeader header = example.Header();
  header.key = ExampleKey();
  EXPECT_TRUE(Look({.input = example.WriteWords(folder_, header)}).valid);
  header.key = FederationKey::Parse("8").value();
  const Inspection text = Look({.input = example.WriteWords(folder_, header)});
  EXPECT_FALSE(text.valid);
  EXPECT_THAT(text.text, HasSubstr("no: round 2: word 0 of layer "));
}

TEST_F(WordsFileReportTest, DamagedFile_IsRefused) {
  const ExampleModel example(Mode::kPure, 2);
  const std::string path = example.WriteWords(folder_, example.Header());
  EXPECT_TRUE(Look({.input = path}).valid);
  std::string content = ReadFile(path);
  content[content.size() / 2] ^= 1;
  folder_.Write("run.words", content);
  std::istringstream none;
  const absl::Status status = Inspect({.input = path}, none).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
}

}  // namespace
}  // namespace seedfed

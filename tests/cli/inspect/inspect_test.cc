#include "cli/inspect/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/cli/temp_folder.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kSingleExample[] = "debc0a00000e00c0000000be0000403f";

absl::StatusOr<Inspection> InspectInput(const InspectOptions& options,
                                        const std::string& standard_input = "") {
  std::istringstream in(standard_input);
  return Inspect(options, in);
}

std::string Refusal(const InspectOptions& options, const std::string& standard_input = "") {
  const absl::StatusOr<Inspection> inspection = InspectInput(options, standard_input);
  EXPECT_FALSE(inspection.ok());
  return std::string(inspection.status().message());
}

std::string Snapshot() { return Model::Create(ExampleEnsemble(), ExampleKey())->SaveSnapshot(); }

class InspectTest : public testing::Test {
 protected:
  std::string File(const std::string& contents) { return folder_.Write("file", contents).string(); }

  const TempFolder folder_;
};

TEST_F(InspectTest, WordAsArgumentOrOnStandardInput_IsTheSame) {
  const auto argument = InspectInput({.input = kSingleExample});
  ASSERT_TRUE(argument.ok()) << argument.status();
  EXPECT_THAT(argument->text, StartsWith("Word debc0a00000e00c0000000be0000403f\n"));
  EXPECT_TRUE(argument->valid);
  const auto input = InspectInput({.input = "-"}, std::string(kSingleExample) + "\n");
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_EQ(input->text, argument->text);
  EXPECT_EQ(InspectInput({.input = File(kSingleExample)})->text, argument->text);
}

TEST_F(InspectTest, ListOfWords_IsOneDocument) {
  const auto inspection = InspectInput({.input = "-", .json = true},
                                       std::string(kSingleExample) + "\n4523211151cc4eed\n");
  ASSERT_TRUE(inspection.ok()) << inspection.status();
  const auto json = nlohmann::json::parse(inspection->text);
  EXPECT_EQ(json["kind"], "words");
  ASSERT_EQ(json["words"].size(), 2U);
  EXPECT_EQ(json["words"][1]["packed64"]["code"], 0x12345);
}

TEST_F(InspectTest, WordThatIsNotValid_CountsOnlyInTheReadingAskedFor) {
  const std::string word = "000000000000f0ff000000000000803f";
  EXPECT_TRUE(InspectInput({.input = word})->valid);
  EXPECT_TRUE(InspectInput({.input = word, .codec = "ensemble"})->valid);
  EXPECT_FALSE(InspectInput({.input = word, .codec = "single"})->valid);
}

TEST_F(InspectTest, Snapshot_IsKnownByItsFirstBytes) {
  const auto file = InspectInput({.input = File(Snapshot())});
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->text, HasSubstr("Round          0\n"));
  const auto input = InspectInput({.input = "-", .json = true}, Snapshot());
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_EQ(nlohmann::json::parse(input->text)["file"], "standard input");
}

TEST_F(InspectTest, DamagedSnapshot_NamesTheFile) {
  const std::string path = File(Snapshot().substr(0, 100));
  EXPECT_EQ(Refusal({.input = path}),
            path + ": the snapshot is damaged: its checksum does not match");
  const std::string shorter = File("SEEDSNAP");
  EXPECT_EQ(Refusal({.input = shorter}), shorter + ": these bytes are not a seedfed snapshot");
}

TEST_F(InspectTest, Update_IsReadForItsModel) {
  const ModelSpec spec = ExampleEnsemble();
  const std::string words = ExampleWords(*Model::Create(spec, ExampleKey()), 1);
  const InspectOptions options = {.input = File(words), .model = "20-13-5", .tile = "4"};
  const auto inspection = InspectInput(options);
  ASSERT_TRUE(inspection.ok()) << inspection.status();
  EXPECT_THAT(inspection->text, HasSubstr(": 48 bytes, ensemble codec, 20-13-5\nValid\n"));

  InspectOptions one = options;
  one.word = 1;
  const auto word = InspectInput(one);
  ASSERT_TRUE(word.ok()) << word.status();
  EXPECT_THAT(word->text, StartsWith("Word " + Hex(words.substr(16, 16)) + "\n"));
  EXPECT_THAT(word->text, Not(HasSubstr("Single word")));

  one.word = 3;
  EXPECT_EQ(Refusal(one), "--word 3 is not a word of this update; expected 0 to 2");
}

TEST_F(InspectTest, UpdateOfWrongLength_NamesTheLengths) {
  EXPECT_EQ(
      Refusal({.input = "-", .model = "20-13-5", .tile = "4"}, "short"),
      "standard input: an update of 20-13-5 with tile 4,4 has 48 (ensemble), 512 (single), 1372 "
      "(dense) bytes; these are 5");
}

TEST_F(InspectTest, UpdateWithAWrongWord_IsShownAsNotValid) {
  const auto inspection =
      InspectInput({.input = "-", .model = "6-3", .tile = "4"}, std::string(32, '\xff'));
  ASSERT_TRUE(inspection.ok()) << inspection.status();
  EXPECT_FALSE(inspection->valid);
  EXPECT_THAT(inspection->text, HasSubstr("Not valid: word 0 of layer 0: "));
}

TEST_F(InspectTest, WrongOptions_AreNamed) {
  EXPECT_EQ(Refusal({.input = kSingleExample, .codec = "zip"}),
            "codec 'zip' is not ensemble, single or dense");
  EXPECT_EQ(Refusal({.input = kSingleExample, .codec = "dense"}),
            "--codec dense has no words; expected ensemble or single");
  EXPECT_EQ(Refusal({.input = "-", .model = "3-2", .tile = "x"}), "--tile x: 'x' is not a number");
  EXPECT_EQ(Refusal({.input = "-", .word = 1}),
            "--word shows a word of an update's bytes, whose --model must be given");
}

TEST_F(InspectTest, OtherInputs_AreRefused) {
  EXPECT_EQ(Refusal({.input = "nowhere"}),
            "'nowhere' is neither a word (16 or 32 hexadecimal digits) nor a file or a folder");
  const std::string folder = folder_.path().string();
  EXPECT_EQ(Refusal({.input = folder}),
            folder + " is a folder without seedfed.db; expected a server's store");
  const std::string binary =
      File(std::string("\x7f"
                       "ELF\0\0",
                       6));
  EXPECT_EQ(Refusal({.input = binary}),
            binary +
                " is neither a snapshot, a words file, a seed "
                "file, a store, nor words as text; for an update's bytes give --model");
  const std::string empty = File("");
  EXPECT_EQ(Refusal({.input = empty}), empty + " is empty");
  EXPECT_EQ(Refusal({.input = "-"}, std::string("SQLite format 3\0 and more", 25)),
            "a store cannot be read from standard input; give its folder");
  EXPECT_EQ(Refusal({.input = "-"}, "SEEDFILE and more"),
            "a seed file cannot be read from standard input; give its name");
  EXPECT_EQ(Refusal({.input = "-"}, "SEEDWORD and more"),
            "a words file cannot be read from standard input; give its name");
  const std::string seeds = File("SEEDFILE" + std::string(100, '\0'));
  EXPECT_EQ(Refusal({.input = seeds}), seeds + ": the seed file has version 0; expected 1");
}

TEST_F(InspectTest, DatabaseThatIsNoStore_IsRefused) {
  folder_.Write("seedfed.db", std::string("SQLite format 3\0", 16) + std::string(100, 'x'));
  EXPECT_THAT(Refusal({.input = folder_.path().string()}),
              HasSubstr("seedfed.db is not a SQLite database, or its start is damaged"));
  EXPECT_THAT(Refusal({.input = (folder_ / "seedfed.db").string()}),
              HasSubstr("seedfed.db is not"));
}

}  // namespace
}  // namespace seedfed

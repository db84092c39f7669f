#include "cli/reproduce_command.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// What a stream gets while the object lives.
class Capture {
 public:
  explicit Capture(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  ~Capture() { stream_.rdbuf(before_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::ostream& stream_;
  std::streambuf* before_;
};

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

// The command line after "seedfed reproduce"; code 2 and the message where it does not parse, as
// the program does.
Outcome RunCommand(std::vector<std::string> arguments) {
  CLI::App app("test", "seedfed");
  const std::function<int()> run = AddReproduceCommand(app);
  arguments.insert(arguments.begin(), "reproduce");
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants a vector
  Outcome outcome;
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return {2, "", error.what()};
  }
  const Capture out(std::cout), err(std::cerr);
  outcome.code = run();
  outcome.out = out.text();
  outcome.err = err.text();
  return outcome;
}

TEST(ReproduceCommand, Training_PrintsTablesAndWritesEveryFile) {
  const TempFolder folder;
  const Outcome outcome = RunCommand({"training", "--json", folder / "a.json", "--csv",
                                      folder / "a.csv", "--picture", folder / "new/pictures"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("Training one 16-byte word"));
  const auto json = nlohmann::json::parse(ReadFile(folder / "a.json"));
  EXPECT_EQ(json["tables"][0]["name"], "training_curve");
  EXPECT_THAT(ReadFile(folder / "a.csv"), StartsWith("table,row,column,value\ntraining_curve,1,"));
  EXPECT_THAT(ReadFile(folder / "new/pictures/radial-learned.png"), StartsWith("\x89PNG"));
}

TEST(ReproduceCommand, JsonOnStandardOutput_IsAlone) {
  const Outcome outcome = RunCommand({"compression", "--data", "/nonexistent", "--json", "-"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(json["tables"].size(), 1U);
  EXPECT_EQ(json["tables"][0]["rows"].size(), 15U);
}

TEST(ReproduceCommand, CsvOnStandardOutput_IsAlone) {
  const Outcome outcome = RunCommand({"compression", "--data", "/nonexistent", "--csv", "-"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("table,row,column,value\ncompression,1,target,radial\n"));
}

TEST(ReproduceCommand, BadInput_IsOneSentence) {
  const TempFolder folder;
  const auto message = [](const Outcome& outcome) {
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(message(RunCommand({"trainning"})),
              HasSubstr("'trainning' is no experiment; expected training, compression, ensembles "
                        "or all"));
  EXPECT_THAT(message(RunCommand({})), HasSubstr("experiment is required"));
  EXPECT_THAT(message(RunCommand({"training", "--seed", "-1"})),
              HasSubstr("'-1' is not a whole number from 0 to 18446744073709551615"));
  EXPECT_THAT(message(RunCommand({"ensembles", "--codes", "1048577"})),
              HasSubstr("'1048577' is not a whole number from 2 to 1,048,576"));
  EXPECT_EQ(message(RunCommand({"training", "--json", folder.path()})),
            "seedfed: --json " + folder.path().string() + " is a folder, expected a file\n");
  EXPECT_EQ(message(RunCommand({"training", "--csv", folder / "no/a.csv"})),
            "seedfed: --csv " + (folder / "no/a.csv").string() + ": there is no folder " +
                (folder / "no").string() + "\n");
  EXPECT_EQ(message(RunCommand({"training", "--json", "-", "--csv", "-"})),
            "seedfed: --json and --csv are both -, expected standard output for one of them\n");
  const std::string file = folder.Write("file", "x");
  EXPECT_EQ(message(RunCommand({"training", "--picture", file})),
            "seedfed: --picture " + file + " is not a folder and cannot be made one\n");
}

}  // namespace
}  // namespace seedfed

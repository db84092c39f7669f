#include "cli/simulate/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;

void WriteDataFiles(const TempFolder& folder) {
  folder.Write("train-images-idx3-ubyte.gz", "");
  folder.Write("train-labels-idx1-ubyte", "");
  folder.Write("t10k-images-idx3-ubyte.gz", "");
  folder.Write("t10k-labels-idx1-ubyte.gz", "");
}

TEST(ParseCount, InRange_Number) {
  EXPECT_EQ(ParseCount("1", 1, 1000).value(), 1u);
  EXPECT_EQ(ParseCount("1000", 1, 1000).value(), 1000u);
}

TEST(ParseCount, AnythingElse_OneSentence) {
  for (const char* text :
       {"", "0", "1001", "-1", "+5", " 5", "5x", "2.5", "99999999999999999999"}) {
    EXPECT_EQ(ParseCount(text, 1, 1000).status().message(),
              "'" + std::string(text) + "' is not a whole number from 1 to 1,000");
  }
}

TEST(ModelWeights, DefaultModel_WithBiases) {
  EXPECT_EQ(ModelWeights({}).value(), 785u * 256 + 257 * 128 + 129 * 10);
}

TEST(ModelWeights, NotAModel_NamesTheValue) {
  SimulateOptions options;
  options.model = "784-x-10";
  EXPECT_THAT(std::string(ModelWeights(options).status().message()),
              testing::HasSubstr("784-x-10"));
}

TEST(CheckFiles, PlainAndGzipMixed_Ok) {
  const TempFolder folder;
  WriteDataFiles(folder);
  SimulateOptions options;
  options.data = folder.path();
  options.json = folder / "report.json";
  EXPECT_TRUE(CheckFiles(options).ok()) << CheckFiles(options);
}

TEST(CheckFiles, NoDataFolder_NamesItAndThePackage) {
  SimulateOptions options;
  options.data = "/nonexistent";
  EXPECT_EQ(CheckFiles(options).message(),
            "--data /nonexistent is not a folder, expected one with the IDX files of a data set "
            "(Debian: apt install dataset-fashion-mnist)");
}

TEST(CheckFiles, DataFileMissing_NamesIt) {
  const TempFolder folder;
  WriteDataFiles(folder);
  std::filesystem::remove(folder / "t10k-labels-idx1-ubyte.gz");
  SimulateOptions options;
  options.data = folder.path();
  EXPECT_EQ(CheckFiles(options).message(), "--data " + options.data +
                                               " has neither t10k-labels-idx1-ubyte nor "
                                               "t10k-labels-idx1-ubyte.gz");
}

TEST(CheckFiles, JsonThatCannotBeWritten_SaysWhyBeforeTheRun) {
  const TempFolder folder;
  WriteDataFiles(folder);
  SimulateOptions options;
  options.data = folder.path();
  options.json = folder.path();
  EXPECT_EQ(CheckFiles(options).message(),
            "--json " + options.json + " is a folder, expected a file");
  options.json = folder / "missing/report.json";
  EXPECT_EQ(CheckFiles(options).message(),
            "--json " + options.json + ": there is no folder " + (folder / "missing").string());
}

TEST(ServerArguments, Defaults_LeaveTheServersDefaultsAlone) {
  const TempFolder folder;
  const RunFolder run = RunFolder::Create(folder / "run", "").value();
  const std::string path = run.path();
  EXPECT_THAT(ServerArguments({}, run),
              ElementsAre("--listen", "127.0.0.1:0", "--port-file", path + "/server.port",
                          "--store", path + "/store", "--export-model", path + "/model.seedfed",
                          "--rounds", "60", "--clients", "10", "--shards", "10", "--key", "1",
                          "--model", "784-256-128-10", "--http", "none", "--exit-when-done"));
}

TEST(ServerArguments, Watched_ServesThePageAndStays) {
  const TempFolder folder;
  const RunFolder run = RunFolder::Create(folder / "run", "").value();
  SimulateOptions options;
  options.watch = true;
  std::vector<std::string> arguments = ServerArguments(options, run);
  EXPECT_THAT(std::vector(arguments.end() - 2, arguments.end()),
              ElementsAre("--http-port-file", run.path().string() + "/http.port"));
  options.http = "[::1]:0";
  arguments = ServerArguments(options, run);
  EXPECT_THAT(std::vector(arguments.end() - 2, arguments.end()), ElementsAre("--http", "[::1]:0"));
}

TEST(ServerArguments, GivenOptions_HandedOnAsWritten) {
  const TempFolder folder;
  const RunFolder run = RunFolder::Create(folder / "run", "").value();
  SimulateOptions options;
  for (size_t i = 0; i < kServerOptions.size(); ++i) {
    options.server_values[i] = "value" + std::to_string(i);
  }
  const std::vector<std::string> arguments = ServerArguments(options, run);
  const std::vector<std::string> tail(arguments.end() - 18, arguments.end());
  EXPECT_THAT(tail, ElementsAre("--samples", "value0", "--tile", "value1", "--codec", "value2",
                                "--mode", "value3", "--phase-bits", "value4", "--alpha", "value5",
                                "--lr", "value6", "--batch", "value7", "--lr-decay", "value8"));
}

TEST(ClientArguments, OneClient_ConnectsToThePort) {
  SimulateOptions options;
  options.data = "/data";
  EXPECT_THAT(ClientArguments(options, 4711, 3),
              ElementsAre("--server", "127.0.0.1:4711", "--id", "client-3", "--data", "/data"));
}

TEST(EvaluatorArguments, Always_WritesTheRoundsFile) {
  const TempFolder folder;
  const RunFolder run = RunFolder::Create(folder / "run", "").value();
  SimulateOptions options;
  options.data = "/data";
  EXPECT_THAT(EvaluatorArguments(options, 4711, run),
              ElementsAre("--server", "127.0.0.1:4711", "--id", "evaluator", "--evaluate", "--data",
                          "/data", "--json", run.path().string() + "/rounds.jsonl"));
}

}  // namespace
}  // namespace seedfed

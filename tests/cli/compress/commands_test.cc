// Whole runs of compress, expand and diff.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/tensor_files/safetensors.h"
#include "cli/tensor_files/values.h"
#include "common/base/philox.h"
#include "common/model/model.h"
#include "tests/cli/compress/run_program.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/golden_files.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A .safetensors file of a 40x40 BF16 matrix and a vector.
std::string ExampleModel() {
  const std::vector<TensorInfo> tensors = {{"fc.weight", DType::kBF16, {40, 40}},
                                           {"fc.bias", DType::kF32, {40}}};
  PhiloxStream stream({1, 2}, 0, 0, 0);
  std::vector<double> weight(1600), bias(40);
  for (double& value : weight) value = stream.Uniform() - 0.5;
  for (double& value : bias) value = stream.Uniform() - 0.5;
  std::string weight_bytes(3200, '\0'), bias_bytes(160, '\0');
  EncodeValues(DType::kBF16, weight, weight_bytes);
  EncodeValues(DType::kF32, bias, bias_bytes);
  return SafetensorsHeaderBytes(tensors, {{"format", "pt"}}) + weight_bytes + bias_bytes;
}

TEST(Commands, CompressExpandDiff_OneRoundTrip) {
  const TempFolder folder;
  const std::string model = folder.Write("m.safetensors", ExampleModel());
  const std::string seeds = folder / "m.seeds", back = folder / "back.safetensors";

  const ProgramResult compressed = RunSeedfed({"compress", model, "-o", seeds});
  ASSERT_EQ(compressed.exit_code, 0) << compressed.err;
  EXPECT_EQ(compressed.err, "");
  EXPECT_THAT(compressed.out, HasSubstr("fc.weight  40x40  BF16"));
  EXPECT_THAT(compressed.out, HasSubstr("2 tensors, 3.4 kB of values in a file of "));
  EXPECT_LT(std::filesystem::file_size(seeds), 500u);

  const ProgramResult expanded = RunSeedfed({"expand", seeds, "-o", back});
  ASSERT_EQ(expanded.exit_code, 0) << expanded.err;
  EXPECT_THAT(expanded.out, StartsWith("2 tensors, 3.4 kB of values, in " + back));
  const std::string header = SafetensorsHeaderBytes(
      {{"fc.weight", DType::kBF16, {40, 40}}, {"fc.bias", DType::kF32, {40}}}, {{"format", "pt"}});
  EXPECT_EQ(ReadFile(back).substr(0, header.size()), header);

  EXPECT_EQ(RunSeedfed({"diff", back, seeds}).exit_code, 0);
  const ProgramResult lost = RunSeedfed({"diff", model, seeds});
  EXPECT_EQ(lost.exit_code, 1);
  EXPECT_THAT(lost.out, HasSubstr("1 of 2 tensors in both files differ, 0 are in one only.\n"));
}

TEST(Commands, JsonEverywhere_ParsesAndReplacesTheText) {
  const TempFolder folder;
  const std::string model = folder.Write("m.safetensors", ExampleModel());
  const std::string seeds = folder / "m.seeds", json = folder / "report.json";
  const auto compressed =
      nlohmann::json::parse(RunSeedfed({"compress", model, "-o", seeds, "--json", "-"}).out);
  EXPECT_EQ(compressed["bytes_out"], std::filesystem::file_size(seeds));
  EXPECT_EQ(compressed["tensors"][0]["stored"], "seeds");
  EXPECT_EQ(compressed["tensors"][1]["stored"], "values");

  const ProgramResult expanded =
      RunSeedfed({"expand", seeds, "-o", folder / "back.safetensors", "--json", json});
  EXPECT_THAT(expanded.out, StartsWith("2 tensors"));
  EXPECT_EQ(nlohmann::json::parse(ReadFile(json))["format"], "safetensors");

  const auto same =
      nlohmann::json::parse(RunSeedfed({"diff", "--json", seeds, folder / "back.safetensors"}).out);
  EXPECT_EQ(same["same"], true);
  RunSeedfed({"diff", seeds, model, "--json=" + json});
  EXPECT_EQ(nlohmann::json::parse(ReadFile(json))["same"], false);
}

TEST(Commands, StandardStreams_CarryFilesAlone) {
  const TempFolder folder;
  const std::string npy = folder.Write("w.npy", GoldenNpy());
  const ProgramResult compressed =
      RunSeedfed({"compress", "-", "-o", "-", "--quiet"}, {.input = npy});
  ASSERT_EQ(compressed.exit_code, 0) << compressed.err;
  EXPECT_EQ(compressed.err, "");
  EXPECT_THAT(compressed.out, StartsWith("SEEDFILE"));
  const std::string seeds = folder.Write("w.seeds", compressed.out);
  const ProgramResult expanded =
      RunSeedfed({"expand", "-", "-o", "-", "--format", "npy"}, {.input = seeds});
  ASSERT_EQ(expanded.exit_code, 0) << expanded.err;
  EXPECT_EQ(expanded.out, GoldenNpy()) << "too small for seeds: the values as they are";
  EXPECT_EQ(expanded.err, "1 tensor, 24 B of values, in standard output (152 B).\n");
  EXPECT_EQ(RunSeedfed({"diff", "-", npy}, {.input = seeds}).exit_code, 0);
}

TEST(Commands, Terminal_ShowsTheBarAndTakesItAway) {
  const TempFolder folder;
  const std::string model = folder.Write("m.safetensors", ExampleModel());
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(master, 0);
  grantpt(master);
  unlockpt(master);
  const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  const winsize size = {.ws_row = 24, .ws_col = 100};
  ioctl(master, TIOCSWINSZ, &size);
  setenv("TERM", "xterm", 1);
  const ProgramResult result =
      RunSeedfed({"compress", model, "-o", folder / "m.seeds"}, {.error = slave});
  close(slave);
  std::string shown(10'000, '\0');
  const ssize_t got = read(master, shown.data(), shown.size());
  close(master);
  shown.resize(got > 0 ? static_cast<size_t>(got) : 0);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(shown, HasSubstr(" compress "));
  EXPECT_THAT(shown, HasSubstr(" of 3.4 kB ["));
  EXPECT_THAT(shown, testing::EndsWith("\r\x1b[K"));
}

TEST(Commands, Snapshot_ExpandsAndCompares) {
  absl::StatusOr<Model> model = Model::Create(ExamplePure(), ExampleKey());
  ASSERT_TRUE(model.ok());
  const TempFolder folder;
  const std::string before = folder.Write("before.seedfed", model->SaveSnapshot());
  ASSERT_EQ(model->Apply(1, ExampleWords(*model, 1)), absl::OkStatus());
  const std::string after = folder.Write("after.seedfed", model->SaveSnapshot());
  const std::string npz = folder / "after.npz";
  ASSERT_EQ(RunSeedfed({"expand", after, "-o", npz}).exit_code, 0);
  EXPECT_EQ(RunSeedfed({"diff", after, npz}).exit_code, 0);
  const ProgramResult changed = RunSeedfed({"diff", before, after});
  EXPECT_EQ(changed.exit_code, 1);
  EXPECT_THAT(changed.out, HasSubstr("layer.0.weight  3x6"));
}

TEST(Commands, BadOptions_OneSentenceAndExitCodeTwo) {
  const TempFolder folder;
  const std::string npy = folder.Write("w.npy", GoldenNpy());
  const std::string out = folder / "out";
  const auto refusal = [](const std::vector<std::string>& arguments) {
    const ProgramResult result = RunSeedfed(arguments);
    EXPECT_EQ(result.exit_code, 2);
    return result.err;
  };
  EXPECT_EQ(refusal({"compress", npy, "-o", out, "--tile", "7"}),
            "seedfed: --tile 7 is not 4, 8, 16, 32, 64, 128 or 256\n");
  EXPECT_EQ(refusal({"compress", npy, "-o", out, "--codes", "1048577"}),
            "seedfed: --codes 1048577 is not a whole number from 1 to 1048576\n");
  EXPECT_EQ(refusal({"compress", npy, "-o", out, "--codec", "dense"}),
            "seedfed: --codec dense is not ensemble or single\n");
  EXPECT_EQ(refusal({"compress", npy, "-o", out, "--phase-bits", "3"}),
            "seedfed: --phase-bits 3 is not 2 or 4\n");
  EXPECT_THAT(refusal({"compress", npy, "-o", out, "--codes", "1", "--key", "x"}),
              HasSubstr("the key, of 1 characters, is neither"));
  EXPECT_EQ(refusal({"compress", npy, "-o", "-", "--json", "-"}),
            "seedfed: both the output and --json are '-': only one of them can go there\n");
  EXPECT_EQ(refusal({"expand", npy, "-o", folder / "out.npz"}),
            "seedfed: " + npy + " is a plain .npy file; expected a seed file or a snapshot\n");
  EXPECT_EQ(refusal({"expand", npy, "-o", out}),
            "seedfed: the output '" + out +
                "' does not end in .npy, .npz or .safetensors; name one with --format\n");
  EXPECT_EQ(refusal({"diff", "-", "-"}),
            "seedfed: both files are '-': only one of them can come from standard input\n");
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST(Commands, Help_HasExamplesAndExitStatus) {
  for (const char* command : {"compress", "expand", "diff"}) {
    const ProgramResult result = RunSeedfed({command, "--help"});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.out, HasSubstr(std::string("Examples:\n  seedfed ") + command));
    EXPECT_THAT(result.out, HasSubstr("Exit status: 0 "));
  }
}

}  // namespace
}  // namespace seedfed

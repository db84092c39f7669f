#include "cli/compress/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace seedfed {
namespace {

CompressReport Example() {
  CompressReport report;
  report.header.codes = 256;
  report.tensors.push_back({.tensor = {{"layer.weight", DType::kF32, {100, 10}}, 8},
                            .bytes_out = 125,
                            .energy = 40,
                            .error = 10});
  report.tensors.push_back({.tensor = {{"b", DType::kF16, {10}}, 0}, .bytes_out = 20, .energy = 1});
  report.bytes_in = 4020;
  report.bytes_out = 250;
  return report;
}

TEST(CompressText, Tensors_ATableWithTheLimitBesideTheFigures) {
  EXPECT_EQ(
      CompressText(Example()),
      "tensor        shape   type       bytes in     bytes out    ratio   bits/w       RMSE  "
      "captured"
      "  Gaussian\n"
      "layer.weight  100x10  F32           4,000           125     32.0    1.000        0.1   "
      "75.00 %"
      "   75.00 %\n"
      "b             10      F16              20            20      1.0   16.000          0  as it "
      "is"
      "          \n"
      "2 tensors, 4.0 kB of values in a file of 250 B: 16.1 to 1; 1 stored as they are.\n"
      "captured: the share of the sum of squares that the seeds keep. Gaussian: the share that any "
      "code can keep\nof independent Gaussian weights at as many bits (Shannon). What is not "
      "captured "
      "is lost.\n");
}

TEST(CompressText, NameWithControlCharacters_Escaped) {
  CompressReport report = Example();
  report.tensors[1].tensor.info.name = "a\x1b[2J";
  EXPECT_EQ(CompressText(report).find('\x1b'), std::string::npos);
}

TEST(CompressJson, Tensors_AllFields) {
  const auto json = nlohmann::json::parse(CompressJson(Example(), "in.npz", "out.seeds"));
  EXPECT_EQ(json["input"], "in.npz");
  EXPECT_EQ(json["output"], "out.seeds");
  EXPECT_EQ(json["codec"], "ensemble");
  EXPECT_EQ(json["codes"], 256);
  EXPECT_EQ(json["bytes_in"], 4020);
  EXPECT_EQ(json["bytes_out"], 250);
  EXPECT_DOUBLE_EQ(json["ratio"], 16.08);
  const auto& row = json["tensors"][0];
  EXPECT_EQ(row["shape"], nlohmann::json({100, 10}));
  EXPECT_EQ(row["stored"], "seeds");
  EXPECT_EQ(row["tile"], 8);
  EXPECT_EQ(row["captured_energy"], 0.75);
  EXPECT_EQ(row["gaussian_limit"], 0.75);
  EXPECT_EQ(json["tensors"][1]["stored"], "values");
  EXPECT_TRUE(json["tensors"][1]["tile"].is_null());
  EXPECT_TRUE(json["tensors"][1]["gaussian_limit"].is_null());
}

TEST(RatioText, SmallAndLarge_ThreeDigitsOrWhole) {
  EXPECT_EQ(RatioText(1), "1.0");
  EXPECT_EQ(RatioText(32.04), "32.0");
  EXPECT_EQ(RatioText(1234.5), "1,235");
}

}  // namespace
}  // namespace seedfed

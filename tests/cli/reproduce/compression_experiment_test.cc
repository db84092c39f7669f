#include "cli/reproduce/compression_experiment.h"

#include <gmock/gmock.h>

#include <map>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tests/cli/reproduce/example_layer.h"

namespace seedfed {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// Rows by "target/method", entries by column.
using Rows = std::map<std::string, std::map<std::string, nlohmann::ordered_json>>;

Rows RowsOf(const ResultTable& table) {
  Rows rows;
  for (const std::vector<Cell>& row : table.rows) {
    auto& entries = rows[row[0].text + "/" + row[1].text];
    for (size_t c = 0; c < row.size(); ++c) entries[table.columns[c].name] = row[c].value;
  }
  return rows;
}

TEST(CompressionExperiment, FourTargetsAndFiveMethods_AreCompared) {
  const Results results = RunCompressionExperiment(1, ExampleLayer());
  ASSERT_EQ(results.tables.size(), 1U);
  Rows rows = RowsOf(results.tables[0]);
  EXPECT_EQ(rows.size(), 20U);
  EXPECT_EQ(rows["radial/Packed128"]["bytes"], 16);
  EXPECT_EQ(rows["radial/Packed128"]["ratio"], 256);
  EXPECT_LT(rows["radial/Packed128"]["rmse"], 1e-6);
  EXPECT_EQ(rows["radial/Packed128"]["trainable"], true);
  EXPECT_EQ(rows["radial/Packed64"]["bytes"], 8);
  EXPECT_EQ(rows["radial/Packed64"]["trainable"], false);
  EXPECT_EQ(rows["rotated ramp/int8 per tensor"]["bytes"], 1028);
  EXPECT_EQ(rows["rotated ramp/int8 per row"]["bytes"], 1152);
  EXPECT_EQ(rows["Gaussian/fp16"]["bytes"], 2048);
  EXPECT_EQ(results.pictures.size(), 8U);
}

TEST(CompressionExperiment, ThePublishedClaim_HoldsForTheRadialTargetOnly) {
  const Results results = RunCompressionExperiment(1, ExampleLayer());
  Rows rows = RowsOf(results.tables[0]);
  for (auto& [name, row] : rows) {
    EXPECT_EQ(row["below_published"], row["rmse"].get<double>() < 0.05) << name;
    if (name.find("int8") != name.npos || name.find("fp16") != name.npos) {
      EXPECT_EQ(row["below_published"], true) << name;
    }
  }
  EXPECT_EQ(rows["radial/Packed128"]["below_published"], true);
  EXPECT_EQ(rows["rotated ramp/Packed128"]["below_published"], false);
  EXPECT_EQ(rows["Gaussian/Packed128"]["below_published"], false);
  EXPECT_EQ(rows["Fashion-MNIST layer/Packed128"]["below_published"], false);
  EXPECT_EQ(results.tables[0].notes.at(0),
            "The published claim for Packed128, RMSE < 0.05, holds for: radial. It does not hold "
            "for: rotated ramp, Gaussian, Fashion-MNIST layer.");
}

TEST(CompressionExperiment, NoDataSet_LeavesOutItsRowsAndSaysSo) {
  const Results results =
      RunCompressionExperiment(1, absl::NotFoundError("there is no folder nowhere"));
  EXPECT_EQ(results.tables[0].rows.size(), 15U);
  EXPECT_THAT(results.tables[0].notes,
              Contains("The rows of the layer trained on Fashion-MNIST are missing: there is no "
                       "folder nowhere."));
}

}  // namespace
}  // namespace seedfed

#include "cli/reproduce/ensembles_experiment.h"

#include <gmock/gmock.h>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "tests/cli/reproduce/example_layer.h"

namespace seedfed {
namespace {

using ::testing::Contains;

double Number(const ResultTable& table, size_t row, const std::string& column) {
  for (size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].name == column) return table.rows.at(row).at(c).value.get<double>();
  }
  ADD_FAILURE() << "no column " << column;
  return 0;
}

TEST(EnsemblesExperiment, Tables_NeverPassTheLimitOnGaussianNumbers) {
  const Results results = RunEnsemblesExperiment(1, 16, ExampleLayer());
  ASSERT_EQ(results.tables.size(), 2U);
  const ResultTable& words = results.tables[0];
  EXPECT_EQ(words.rows.size(), 30U);  // three matrices of 4 + 4 + 2 rows
  for (size_t row = 0; row < words.rows.size(); ++row) {
    if (words.rows[row][0].text == "radial") continue;
    EXPECT_LT(Number(words, row, "captured_percent"), Number(words, row, "limit_percent"));
  }
  EXPECT_NEAR(Number(words, 0, "bits_per_weight"), (128 + 32) / 1024.0, 1e-12);

  const ResultTable& tiles = results.tables[1];
  ASSERT_EQ(tiles.rows.size(), 6U);
  EXPECT_NEAR(Number(tiles, 0, "bits_per_weight"), 128.0 / 15 / 64, 1e-12);
  EXPECT_EQ(Number(tiles, 5, "codes"), 1048576);
  EXPECT_NEAR(Number(tiles, 5, "bits_per_weight"), (128.0 / 15 + 20) / 64, 1e-12);
  for (size_t row = 0; row < 6; ++row) {
    EXPECT_LT(Number(tiles, row, "captured_percent"), Number(tiles, row, "limit_percent"));
    EXPECT_LT(Number(tiles, row, "stored_percent"), Number(tiles, row, "captured_percent"));
    if (row > 0) {
      EXPECT_GT(Number(tiles, row, "stored_percent"), Number(tiles, row - 1, "stored_percent"));
    }
  }

  const Results without = RunEnsemblesExperiment(1, 16, absl::NotFoundError("no folder x"));
  EXPECT_EQ(without.tables[0].rows.size(), 20U);
  EXPECT_THAT(without.tables[0].notes,
              Contains("The rows of the layer trained on Fashion-MNIST are missing: no folder x."));
}

}  // namespace
}  // namespace seedfed

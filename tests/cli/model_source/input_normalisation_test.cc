#include "cli/model_source/input_normalisation.h"

#include <gtest/gtest.h>

#include <limits>

namespace seedfed {
namespace {

TEST(InputNormalisation, Metadata_KeepsEveryBit) {
  const InputNormalisation normalisation = {0.1 + 0.2, 1.0 / 3};
  Metadata metadata;
  AddNormalisation(normalisation, metadata);
  EXPECT_EQ(NormalisationOf(metadata).value(), normalisation);
}

TEST(InputNormalisation, NoPairs_Absent) { EXPECT_EQ(NormalisationOf({}).value(), std::nullopt); }

TEST(InputNormalisation, HalfOfAPair_Refused) {
  EXPECT_EQ(NormalisationOf({{"seedfed.input_mean", "0.5"}}).status().message(),
            "its seedfed.input_stddev is missing; expected a number");
  EXPECT_EQ(NormalisationOf({{"seedfed.input_mean", "x"}, {"seedfed.input_stddev", "1"}})
                .status()
                .message(),
            "its seedfed.input_mean is 'x'; expected a number");
}

TEST(InputNormalisation, ValuesOutOfRange_Refused) {
  EXPECT_EQ(CheckNormalisation({std::numeric_limits<double>::quiet_NaN(), 1}).message(),
            "the input mean is nan; expected a finite number");
  EXPECT_EQ(CheckNormalisation({1e300, 1}).message(),
            "the input mean is 1e+300; expected a finite number");
  EXPECT_EQ(CheckNormalisation({0, 0}).message(),
            "the input standard deviation is 0; expected a number above 0");
  EXPECT_EQ(CheckNormalisation({0, -1}).message(),
            "the input standard deviation is -1; expected a number above 0");
  EXPECT_TRUE(CheckNormalisation(DefaultNormalisation()).ok());
}

}  // namespace
}  // namespace seedfed

#include "cli/predict/example_reader.h"

#include <gtest/gtest.h>

namespace seedfed {
namespace {

std::string Sentence(const InputOptions& options) {
  return std::string(OpenExamples(options).status().message());
}

TEST(OpenExamples, NoInputOrTwo_Refused) {
  EXPECT_EQ(Sentence({}), "no input is given; expected one of --data, --images, --npy or --csv");
  InputOptions two;
  two.csv = "a";
  two.npy = "b";
  EXPECT_EQ(Sentence(two),
            "more than one input is given; expected one of --data, --images, --npy or --csv");
}

TEST(OpenExamples, OptionOfAnotherInput_Refused) {
  InputOptions options;
  options.csv = "a";
  options.labels = "b";
  EXPECT_EQ(Sentence(options), "--labels goes with --images or --npy");
  options = {};
  options.npy = "a";
  options.label_column = "b";
  EXPECT_EQ(Sentence(options), "--label-column goes with --csv");
}

TEST(OpenExamples, NoSuchFolder_Named) {
  InputOptions options;
  options.data = "/no/such/folder";
  EXPECT_EQ(Sentence(options), "/no/such/folder does not exist");
}

}  // namespace
}  // namespace seedfed

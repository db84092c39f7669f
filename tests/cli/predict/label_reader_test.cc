#include "cli/predict/label_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/cli/predict/example_inputs.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

class LabelReaderTest : public testing::Test {
 protected:
  std::string Npy(const std::string& description, const std::string& shape,
                  const std::string& values) {
    return folder_.Write("y.npy", NpyBytes(description, shape, values));
  }
  std::string Sentence(const std::string& path) {
    return std::string(OpenLabels(path, "x", 2).status().message());
  }

  const TempFolder folder_;
};

TEST_F(LabelReaderTest, NumpyTypes_SameNumbers) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"|u1", std::string("\x05\x07", 2)},
      {"|i1", std::string("\x05\x07", 2)},
      {"<u2", std::string("\x05\x00\x07\x00", 4)},
      {"<i4", std::string("\x05\x00\x00\x00\x07\x00\x00\x00", 8)},
      {"<i8", std::string("\x05\0\0\0\0\0\0\0\x07\0\0\0\0\0\0\0", 16)}};
  for (const auto& [type, values] : files) {
    for (const char* shape : {"(2,)", "(2, 1)"}) {
      const auto labels = OpenLabels(Npy(type, shape, values), "x", 2);
      ASSERT_TRUE(labels.ok()) << labels.status();
      std::array<uint32_t, 1> one;
      ASSERT_TRUE((*labels)->Read(one).ok());
      EXPECT_EQ(one[0], 5u) << type;
      ASSERT_TRUE((*labels)->Read(one).ok());
      EXPECT_EQ(one[0], 7u) << type;
    }
  }
}

TEST_F(LabelReaderTest, Idx_SameNumbers) {
  const auto labels =
      OpenLabels(folder_.Write("labels", IdxLabelsBytes("\x05\x07")), "x", 2).value();
  std::array<uint32_t, 2> both;
  ASSERT_TRUE(labels->Read(both).ok());
  EXPECT_THAT(both, ElementsAre(5, 7));
}

TEST_F(LabelReaderTest, NumbersThatAreNoLabels_Refused) {
  std::array<uint32_t, 2> both;
  const std::string negative = Npy("|i1", "(2,)", "\x05\xff");
  EXPECT_EQ(OpenLabels(negative, "x", 2).value()->Read(both).message(),
            negative + ": label 1 is negative; expected a number from 0 to 4294967295");
  const std::string large = Npy("<u8", "(2,)", std::string("\0\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0", 16));
  EXPECT_EQ(OpenLabels(large, "x", 2).value()->Read(both).message(),
            large + ": label 0 is 4294967296; expected a number from 0 to 4294967295");
}

TEST_F(LabelReaderTest, OtherTypesShapesAndCounts_Refused) {
  std::string path = Npy("<f4", "(2,)", std::string(8, '\0'));
  EXPECT_EQ(Sentence(path),
            path + ": labels are whole numbers, not of type '<f4'; expected '|u1' to '<i8'");
  path = Npy("|u1", "(1, 2)", "ab");
  EXPECT_EQ(Sentence(path), path + ": labels have the shape 1x2; expected n or nx1");
  path = Npy("|u1", "(3,)", "abc");
  EXPECT_EQ(Sentence(path), "x has 2 examples but " + path + " has 3 labels");
  path = Npy("|u1", "(2,)", "a");
  EXPECT_NE(Sentence(path).find("truncated"), std::string::npos);
}

TEST_F(LabelReaderTest, EmptyPath_NoLabels) { EXPECT_EQ(OpenLabels("", "x", 2).value(), nullptr); }

}  // namespace
}  // namespace seedfed

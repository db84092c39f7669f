#include "cli/predict/npy_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/cli/predict/example_inputs.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NpyReaderTest : public testing::Test {
 protected:
  std::string Npy(const std::string& description, const std::string& shape,
                  const std::string& values, bool fortran_order = false) {
    return folder_.Write("x.npy", NpyBytes(description, shape, values, fortran_order));
  }
  std::string Sentence(const std::string& path) {
    return std::string(OpenNpyExamples(path, "").status().message());
  }

  const TempFolder folder_;
};

TEST_F(NpyReaderTest, Floats_AreTheInputs) {
  const auto reader =
      OpenNpyExamples(Npy("<f4", "(3, 2)", FloatBytes({1, 2, 3, 4, 5, 6})), "").value();
  const ReadExamples all = ReadAll(*reader, 2).value();
  EXPECT_THAT(all.rows, ElementsAre(ElementsAre(1, 2), ElementsAre(3, 4), ElementsAre(5, 6)));
  EXPECT_THAT(all.batches, ElementsAre(2, 1));
  EXPECT_FALSE(reader->labelled());
}

TEST_F(NpyReaderTest, Bytes_AreScaledAsImagesAre) {
  const auto reader =
      OpenNpyExamples(Npy("|u1", "(1, 2, 1)", std::string("\x00\xff", 2)), "").value();
  EXPECT_THAT(ReadAll(*reader, 5)->rows, ElementsAre(ElementsAre(0, 1)));
}

TEST_F(NpyReaderTest, Doubles_AreRounded) {
  std::string values;
  AppendLittleEndian(std::bit_cast<uint64_t>(0.1), values);
  const auto reader = OpenNpyExamples(Npy("<f8", "(1, 1)", values), "").value();
  EXPECT_THAT(ReadAll(*reader, 5)->rows, ElementsAre(ElementsAre(0.1f)));
}

TEST_F(NpyReaderTest, NotFinite_NamesExampleAndValue) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::string path = Npy("<f4", "(3, 2)", FloatBytes({1, 2, 3, 4, 5, nan}));
  EXPECT_EQ(ReadAll(*OpenNpyExamples(path, "").value(), 2).status().message(),
            path + ": value 1 of example 2 is nan as a 32-bit float; expected a finite number");
  std::string large;
  AppendLittleEndian(std::bit_cast<uint64_t>(1e300), large);
  EXPECT_THAT(
      std::string(
          ReadAll(*OpenNpyExamples(Npy("<f8", "(1, 1)", large), "").value(), 2).status().message()),
      HasSubstr("is inf as a 32-bit float"));
}

TEST_F(NpyReaderTest, OtherTypesShapesOrders_Refused) {
  EXPECT_THAT(Sentence(Npy("<i4", "(1, 1)", "abcd")), HasSubstr("holds values of type '<i4'"));
  EXPECT_THAT(Sentence(Npy("|u1", "(4,)", "abcd")), HasSubstr("has the shape 4; expected"));
  EXPECT_THAT(Sentence(Npy("|u1", "(1, 2, 2, 1)", "abcd")), HasSubstr("has the shape 1x2x2x1"));
  EXPECT_THAT(Sentence(Npy("|u1", "(2, 2)", "abcd", true)), HasSubstr("Fortran order"));
  EXPECT_THAT(Sentence(Npy("|u1", "(0, 2)", "")), HasSubstr("x.npy"));
  EXPECT_THAT(Sentence(Npy("|u1", "(2, 2)", "abc")), HasSubstr("truncated"));
  EXPECT_THAT(Sentence(folder_.Write("x.npy", "abc")), HasSubstr("x.npy"));
}

}  // namespace
}  // namespace seedfed

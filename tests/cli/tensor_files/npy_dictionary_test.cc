#include "cli/tensor_files/npy_dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seedfed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Refusal(absl::string_view text) {
  return std::string(ParseNpyDictionary(text).status().message());
}

TEST(ParseNpyDictionary, AsNumPyWritesIt_ThreeValues) {
  const auto found =
      ParseNpyDictionary("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }   \n");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->description, "<f4");
  EXPECT_FALSE(found->fortran_order);
  EXPECT_THAT(found->shape, ElementsAre(3, 4));
}

TEST(ParseNpyDictionary, OtherOrderQuotesAndSpaces_TheSame) {
  const auto found =
      ParseNpyDictionary("{\"shape\":(5,),\"fortran_order\" : True,\"descr\":\"<f8\"}");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->description, "<f8");
  EXPECT_TRUE(found->fortran_order);
  EXPECT_THAT(found->shape, ElementsAre(5));
}

TEST(ParseNpyDictionary, ScalarAndPython2Shapes_Read) {
  EXPECT_THAT(ParseNpyDictionary("{'descr': '<f4', 'fortran_order': False, 'shape': ()}")->shape,
              IsEmpty());
  EXPECT_THAT(
      ParseNpyDictionary("{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 4L)}")->shape,
      ElementsAre(3, 4));
}

TEST(ParseNpyDictionary, StructuredValues_SaysSo) {
  EXPECT_EQ(Refusal("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,)}"),
            "the array holds structured values; expected '<f2', '<f4' or '<f8'");
}

TEST(ParseNpyDictionary, Malformed_FirstReason) {
  const std::string start = "the NumPy header is malformed: ";
  EXPECT_EQ(Refusal(""), start + "there is no '{'");
  EXPECT_EQ(Refusal("{descr"), start + "there is no key in quotes");
  EXPECT_EQ(Refusal("{'descr"), start + "there is no key in quotes");
  EXPECT_EQ(Refusal("{'descr' '<f4'"), start + "there is no ':' behind 'descr'");
  EXPECT_EQ(Refusal("{'descr': 4"), start + "the value of 'descr' is not a string");
  EXPECT_EQ(Refusal("{'descr': '<f4'"), start + "there is no ',' behind the value of 'descr'");
  EXPECT_EQ(Refusal("{'descr': '<f4', 'descr': '<f4'}"), start + "the key 'descr' stands twice");
  EXPECT_EQ(Refusal("{'size': 4}"), start + "the key 'size' is unknown");
  EXPECT_EQ(Refusal("{'fortran_order': 0}"),
            start + "the value of 'fortran_order' is not True or False");
  for (const char* shape :
       {"3", "(3", "(3 4)", "(-3,)", "(a,)", "(99999999999999999999,)", "(,)"}) {
    EXPECT_EQ(Refusal(std::string("{'shape': ") + shape + "}"),
              start + "the value of 'shape' is not a tuple of sizes");
  }
  EXPECT_EQ(Refusal("{'descr': '<f4', 'fortran_order': False}"),
            start + "the key 'shape' is missing");
  EXPECT_EQ(Refusal("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} x"),
            start + "something stands behind the '}'");
}

}  // namespace
}  // namespace seedfed

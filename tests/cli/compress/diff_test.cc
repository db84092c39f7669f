#include "cli/compress/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/cli/tensor_files/fake_reader.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;

FakeReader One(const std::string& name, std::vector<uint64_t> shape,
               const std::vector<double>& values, DType dtype = DType::kF32) {
  FakeReader reader;
  reader.Add({name, dtype, std::move(shape)}, values);
  return reader;
}

TEST(Diff, SameValuesOfOtherType_Same) {
  FakeReader a = One("w", {2, 2}, {1, 2, -3, 0.5});
  FakeReader b = One("w", {2, 2}, {1, 2, -3, 0.5}, DType::kF16);
  const ModelDifference difference = Diff(a, b).value();
  EXPECT_TRUE(difference.same());
  EXPECT_EQ(difference.tensors[0].max_abs, 0);
  EXPECT_EQ(difference.tensors[0].rmse, 0);
  EXPECT_NEAR(difference.tensors[0].cosine.value(), 1, 1e-15);
}

TEST(Diff, OtherValues_TheirFigures) {
  FakeReader a = One("w", {4}, {1, 0, 2, 2});
  FakeReader b = One("w", {4}, {1, 4, -1, 2});
  const ModelDifference difference = Diff(a, b).value();
  EXPECT_FALSE(difference.same());
  EXPECT_EQ(difference.tensors[0].max_abs, 4);
  EXPECT_EQ(difference.tensors[0].rmse, 2.5);
  EXPECT_NEAR(difference.tensors[0].cosine.value(), 3 / (3 * std::sqrt(22)), 1e-15);
}

TEST(Diff, ManyValues_EveryOneCounts) {
  std::vector<double> values(100'000, 1);
  FakeReader a = One("w", {100'000}, values);
  values.back() = 1.5;
  FakeReader b = One("w", {100'000}, values);
  EXPECT_EQ(Diff(a, b)->tensors[0].max_abs, 0.5);
}

TEST(Diff, ZeroTensor_NoCosine) {
  FakeReader a = One("w", {2}, {0, 0});
  FakeReader b = One("w", {2}, {0, 1});
  EXPECT_FALSE(Diff(a, b)->tensors[0].cosine.has_value());
}

TEST(Diff, OtherShape_NotCompared) {
  FakeReader a = One("w", {2, 3}, {1, 2, 3, 4, 5, 6});
  FakeReader b = One("w", {3, 2}, {1, 2, 3, 4, 5, 6});
  const ModelDifference difference = Diff(a, b).value();
  EXPECT_FALSE(difference.same());
  EXPECT_FALSE(difference.tensors[0].same_shape);
}

TEST(Diff, TensorsInOneFileOnly_Named) {
  FakeReader a, b;
  a.Add({"x", DType::kF32, {1}}, {1});
  a.Add({"w", DType::kF32, {1}}, {1});
  b.Add({"w", DType::kF32, {1}}, {1});
  b.Add({"y", DType::kF32, {1}}, {1});
  const ModelDifference difference = Diff(a, b).value();
  EXPECT_FALSE(difference.same());
  EXPECT_THAT(difference.only_a, ElementsAre("x"));
  EXPECT_THAT(difference.only_b, ElementsAre("y"));
  EXPECT_TRUE(difference.tensors[0].same());
}

TEST(Diff, OneTensorEach_ComparedWhateverTheNames) {
  FakeReader a = One("arr_0", {1}, {1});
  FakeReader b = One("weight", {1}, {1});
  EXPECT_TRUE(Diff(a, b)->same());
}

TEST(Diff, NanInEitherFile_Refused) {
  FakeReader good = One("w", {2}, {1, 2});
  FakeReader bad = One("w", {2}, {1, std::numeric_limits<double>::quiet_NaN()}, DType::kF64);
  const std::string sentence = "tensor 'w' holds nan at [1]; expected finite numbers";
  EXPECT_EQ(Diff(good, bad).status().message(), sentence);
  EXPECT_EQ(Diff(bad, good).status().message(), sentence);
}

TEST(DiffText, Differences_ATableAndASentence) {
  FakeReader a, b;
  a.Add({"w", DType::kF32, {2}}, {1, 2});
  a.Add({"v", DType::kF32, {2}}, {1, 2});
  a.Add({"x", DType::kF32, {1}}, {1});
  b.Add({"w", DType::kF16, {2}}, {1, 2.5});
  b.Add({"v", DType::kF32, {1, 2}}, {1, 2});
  EXPECT_EQ(DiffText(Diff(a, b).value(), "a.npz", "b.npz"),
            "tensor  shape    type          max |a-b|         RMSE       cosine\n"
            "w       2        F32 | F16           0.5       0.3536  0.996545758\n"
            "v       2 | 1x2  F32                   -            -            -\n"
            "only in a.npz: x\n"
            "2 of 2 tensors in both files differ, 1 are in one only.\n");
}

TEST(DiffText, Same_SaysSo) {
  FakeReader a = One("w", {1}, {1}), b = One("w", {1}, {1});
  EXPECT_THAT(DiffText(Diff(a, b).value(), "a", "b"),
              testing::HasSubstr("\nAll values are the same.\n"));
}

TEST(DiffJson, Differences_AllFields) {
  FakeReader a, b;
  a.Add({"w", DType::kF32, {2}}, {1, 2});
  a.Add({"v", DType::kF32, {2}}, {1, 2});
  b.Add({"w", DType::kF16, {2}}, {1, 2.5});
  b.Add({"y", DType::kF32, {1}}, {1});
  const auto json = nlohmann::json::parse(DiffJson(Diff(a, b).value(), "a.npz", "b.npz"));
  EXPECT_EQ(json["a"], "a.npz");
  EXPECT_EQ(json["same"], false);
  EXPECT_EQ(json["tensors"][0]["name"], "w");
  EXPECT_EQ(json["tensors"][0]["dtype_b"], "F16");
  EXPECT_EQ(json["tensors"][0]["max_abs"], 0.5);
  EXPECT_EQ(json["only_in_a"], nlohmann::json({"v"}));
  EXPECT_EQ(json["only_in_b"], nlohmann::json({"y"}));
}

}  // namespace
}  // namespace seedfed

#include "cli/export/model_tensors.h"

#include <gtest/gtest.h>

#include "cli/tensor_files/values.h"
#include "tests/cli/tensor_files/fake_reader.h"

namespace seedfed {
namespace {

TEST(ModelTensors, NumbersOfTheMetadata_FollowTheTensors) {
  auto inner = std::make_unique<FakeReader>();
  inner->Add({"w", DType::kF32, {2}}, {1, 2});
  inner->set_metadata({{"round", "3"}, {"name", "x"}});
  ModelTensors tensors(std::move(inner), {{"mean", "0.5"}}, {"round", "mean", "absent"});
  ASSERT_EQ(tensors.tensors().size(), 3u);
  EXPECT_EQ(tensors.tensors()[1], (TensorInfo{"round", DType::kF64, {}}));
  EXPECT_EQ(tensors.tensors()[2], (TensorInfo{"mean", DType::kF64, {}}));
  EXPECT_EQ(tensors.metadata(), (Metadata{{"round", "3"}, {"name", "x"}, {"mean", "0.5"}}));
  for (const auto& [index, expected] : {std::pair(2, 0.5), std::pair(1, 3.0)}) {
    std::string bytes(8, '\0');
    ASSERT_TRUE(tensors.Select(static_cast<size_t>(index)).ok());
    ASSERT_TRUE(tensors.Read(bytes).ok());
    double value = 0;
    DecodeValues(DType::kF64, bytes, std::span(&value, 1));
    EXPECT_EQ(value, expected);
  }
  std::string bytes(8, '\0');
  ASSERT_TRUE(tensors.Select(0).ok());
  ASSERT_TRUE(tensors.Read(bytes).ok());
}

}  // namespace
}  // namespace seedfed

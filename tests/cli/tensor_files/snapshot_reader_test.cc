#include "cli/tensor_files/snapshot_reader.h"

#include <gtest/gtest.h>

#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

Model ModelAfterARound(const ModelSpec& spec) {
  absl::StatusOr<Model> model = Model::Create(spec, ExampleKey());
  EXPECT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->Apply(1, ExampleWords(*model, 1)), absl::OkStatus());
  return *std::move(model);
}

absl::StatusOr<std::unique_ptr<TensorReader>> OpenBytes(const TempFolder& folder,
                                                        const std::string& bytes) {
  auto file = InputFile::Open(folder.Write("model.seedfed", bytes));
  if (!file.ok()) return file.status();
  return OpenSnapshot(*std::move(file));
}

// Without the federation's key: in pure mode the words carry their codes.
TEST(OpenSnapshot, EveryCodecAndMode_TheModelsWeightsAndBiases) {
  for (const ModelSpec& spec :
       {ExampleEnsemble(), ExampleSingle(), ExamplePure(), ExampleDense()}) {
    const Model model = ModelAfterARound(spec);
    const TempFolder folder;
    const auto reader = OpenBytes(folder, model.SaveSnapshot());
    ASSERT_TRUE(reader.ok()) << reader.status();
    ASSERT_EQ((*reader)->tensors().size(), 2 * spec.layers.size());
    // From the last tensor to the first: any order is allowed.
    for (size_t l = spec.layers.size(); l-- > 0;) {
      const size_t rows = spec.layers[l].rows, cols = spec.layers[l].cols;
      const std::string layer = "layer." + std::to_string(l);
      EXPECT_EQ((*reader)->tensors()[2 * l],
                (TensorInfo{layer + ".weight", DType::kF32, {rows, cols - 1}}));
      EXPECT_EQ((*reader)->tensors()[2 * l + 1],
                (TensorInfo{layer + ".bias", DType::kF32, {rows}}));
      const std::vector<double> bias = ReadValues(**reader, 2 * l + 1).value();
      const std::vector<double> weight = ReadValues(**reader, 2 * l).value();
      for (size_t i = 0; i < rows; ++i) {
        for (size_t j = 0; j < cols; ++j) {
          const auto expected = static_cast<float>(model.base(l)[i * cols + j] * spec.LayerUnit(l));
          EXPECT_EQ(j + 1 == cols ? bias[i] : weight[i * (cols - 1) + j], expected);
        }
      }
    }
    EXPECT_EQ((*reader)->metadata().at("seedfed.round"), "1");
    EXPECT_EQ((*reader)->metadata().at("seedfed.fingerprint"), ToHex(model.fingerprint()));
  }
}

TEST(OpenSnapshot, ChangedByte_Damaged) {
  std::string bytes = ModelAfterARound(ExamplePure()).SaveSnapshot();
  bytes[100] = static_cast<char>(bytes[100] ^ 4);
  const TempFolder folder;
  EXPECT_EQ(OpenBytes(folder, bytes).status().message(),
            (folder / "model.seedfed").string() +
                ": the snapshot is damaged: its checksum does not match");
}

TEST(OpenSnapshot, WordThatIsNotValid_NamesIt) {
  const Model model = ModelAfterARound(ExamplePure());
  std::string bytes = model.SaveSnapshot();
  bytes.resize(bytes.size() - 16);
  bytes.back() = '\x7f';  // r of the last word
  bytes += ToBytes(Blake2b128(bytes));
  const TempFolder folder;
  const auto reader = OpenBytes(folder, bytes);
  ASSERT_TRUE(reader.ok()) << reader.status();
  const std::string message(ReadValues(**reader, 0).status().message());
  EXPECT_NE(message.find("model.seedfed: word 1 of layer 0: r is "), std::string::npos) << message;
}

}  // namespace
}  // namespace seedfed

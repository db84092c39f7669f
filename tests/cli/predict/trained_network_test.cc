#include "cli/predict/trained_network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "common/model/snapshot.h"
#include "tests/cli/model_source/example_models.h"
#include "tests/cli/tensor_files/fake_reader.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

// A network 2-2-1 of some tensors, to be changed by tests.
struct Parts {
  TensorInfo weight0 = {"layer.0.weight", DType::kF32, {2, 2}};
  TensorInfo bias0 = {"layer.0.bias", DType::kF32, {2}};
  TensorInfo weight1 = {"layer.1.weight", DType::kF32, {1, 2}};
  TensorInfo bias1 = {"layer.1.bias", DType::kF32, {1}};
  std::vector<double> weights = {1, 2, 3, 4};

  absl::StatusOr<TrainedNetwork> Load(Metadata metadata = {}) const {
    FakeReader reader;
    // Not in the order of the layers.
    reader.Add(bias1, std::vector<double>(bias1.elements(), 9));
    reader.Add(weight1, std::vector<double>(weight1.elements(), 7));
    reader.Add(weight0, weights);
    reader.Add(bias0, std::vector<double>(bias0.elements(), 5));
    reader.set_metadata(std::move(metadata));
    return LoadNetwork(reader);
  }
  std::string Sentence() const { return std::string(Load().status().message()); }
};

TEST(LoadNetwork, Biases_AreTheLastColumn) {
  const TrainedNetwork network =
      Parts().Load({{"seedfed.round", "4"}, {"seedfed.fingerprint", "ab"}}).value();
  ASSERT_EQ(network.weights.size(), 2u);
  EXPECT_EQ(network.weights[0], (Matrix(2, 3) << 1, 2, 5, 3, 4, 5).finished());
  EXPECT_EQ(network.weights[1], (Matrix(1, 3) << 7, 7, 9).finished());
  EXPECT_EQ(network.round, 4u);
  EXPECT_EQ(network.fingerprint, "ab");
  EXPECT_EQ(network.normalisation, std::nullopt);
}

TEST(LoadNetwork, NumbersAsTensors_AreMetadata) {
  FakeReader reader;
  reader.Add({"layer.0.weight", DType::kF32, {1, 1}}, {1});
  reader.Add({"layer.0.bias", DType::kF32, {1}}, {1});
  reader.Add({"seedfed.round", DType::kF64, {}}, {12});
  reader.Add({"seedfed.input_mean", DType::kF64, {}}, {0.5});
  reader.Add({"seedfed.input_stddev", DType::kF64, {}}, {2});
  const TrainedNetwork network = LoadNetwork(reader).value();
  EXPECT_EQ(network.round, 12u);
  EXPECT_EQ(network.normalisation, (InputNormalisation{0.5, 2}));
}

TEST(LoadNetwork, WrongTypeOrShape_NamesTheTensor) {
  Parts parts;
  parts.weight0.dtype = DType::kF16;
  EXPECT_EQ(parts.Sentence(),
            "the tensor 'layer.0.weight' is F16 of the shape 2x2; expected F32 with 2 dimensions");
  parts = {};
  parts.weight0.shape = {4};
  EXPECT_EQ(parts.Sentence(),
            "the tensor 'layer.0.weight' is F32 of the shape 4; expected F32 with 2 dimensions");
  parts = {};
  parts.bias0.shape = {3};
  EXPECT_EQ(parts.Sentence(),
            "the tensor 'layer.0.bias' has 3 values; expected 2, the outputs of 'layer.0.weight'");
  parts = {};
  parts.weight1.shape = {1, 3};
  EXPECT_EQ(
      parts.Sentence(),
      "the tensor 'layer.1.weight' has 3 inputs; expected 2, the outputs of the layer before");
}

TEST(LoadNetwork, MissingOrStrangeTensor_Named) {
  Parts parts;
  parts.bias1.name = "layer.1.offset";
  EXPECT_EQ(parts.Sentence(), "there is no tensor 'layer.1.bias'");
  parts = {};
  parts.weight1.name = "layer.2.weight";
  EXPECT_THAT(parts.Sentence(), HasSubstr("'layer.1.bias' belongs to no model of seedfed export"));
}

TEST(LoadNetwork, ValueThatIsNotFinite_Named) {
  Parts parts;
  parts.weights[3] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(parts.Sentence(), HasSubstr("value 3 of the tensor 'layer.0.weight' is "));
}

TEST(OpenNetwork, SnapshotAndWords_SameWeights) {
  const TempFolder folder;
  const ExampleModel example(Mode::kRolling, 2);
  SourceOptions options;
  options.model = folder.Write("m.seedfed", example.model.SaveSnapshot());
  const TrainedNetwork snapshot = OpenNetwork(options, false).value();
  WordsHeader header = example.Header();
  header.normalisation = {0.5, 2};
  options.model = example.WriteWords(folder, header);
  const TrainedNetwork words = OpenNetwork(options, false).value();
  ASSERT_EQ(snapshot.weights.size(), 2u);
  EXPECT_EQ(snapshot.weights, words.weights);
  EXPECT_EQ(snapshot.weights[0](1, 2),
            static_cast<float>(example.model.base(0)[9] * example.model.spec().LayerUnit(0)));
  EXPECT_EQ(words.fingerprint, ToHex(example.model.fingerprint()));
  EXPECT_EQ(words.round, 2u);
  EXPECT_EQ(words.normalisation, (InputNormalisation{0.5, 2}));
  EXPECT_EQ(snapshot.normalisation, std::nullopt);
}

TEST(OpenNetwork, InSeeds_PureModelWithoutWeights) {
  const TempFolder folder;
  const ExampleModel example(Mode::kPure, 2);
  SourceOptions options;
  options.model = folder.Write("m.seedfed", example.model.SaveSnapshot());
  const TrainedNetwork network = OpenNetwork(options, true).value();
  EXPECT_TRUE(network.weights.empty());
  ASSERT_EQ(network.seeds.size(), 2u);
  EXPECT_EQ(network.fingerprint, ToHex(example.model.fingerprint()));
  EXPECT_EQ(network.round, 2u);
}

TEST(OpenNetwork, InSeedsOfSomethingElse_Refused) {
  const TempFolder folder;
  const ExampleModel rolling(Mode::kRolling, 1);
  SourceOptions options;
  options.model = folder.Write("m.seedfed", rolling.model.SaveSnapshot());
  EXPECT_EQ(OpenNetwork(options, true).status().message(),
            options.model +
                " has a model in rolling mode; --in-seeds takes a model in pure mode, "
                "which is its seeds");
  options.model = folder.Write("x", "something else");
  EXPECT_EQ(OpenNetwork(options, true).status().message(),
            options.model +
                " is neither a snapshot nor a words file; --in-seeds takes a model in "
                "pure mode, which is its seeds");
}

TEST(OpenNetwork, InSeedsWithWordThatIsNotValid_Named) {
  const TempFolder folder;
  const ExampleModel example(Mode::kPure, 1);
  std::string words = example.words.back();
  words[20] = static_cast<char>(words[20] ^ 1);
  SourceOptions options;
  options.model = folder.Write("m.seedfed", SnapshotBytes(1, {}, example.model.spec(), words));
  EXPECT_THAT(std::string(OpenNetwork(options, true).status().message()),
              HasSubstr(options.model + ": word 1 of layer 0: the integer half is "));
}

TEST(OpenNetwork, OtherFile_Named) {
  const TempFolder folder;
  SourceOptions options;
  options.model = folder.Write("x", "something else");
  EXPECT_THAT(std::string(OpenNetwork(options, false).status().message()),
              HasSubstr(options.model + ": neither .npy, .npz, .safetensors"));
}

}  // namespace
}  // namespace seedfed

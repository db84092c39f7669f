#include "cli/predict/trained_network.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/model_source/open_file.h"
#include "cli/tensor_files/layer_seeds.h"
#include "cli/tensor_files/open.h"
#include "cli/tensor_files/snapshot_reader.h"
#include "cli/tensor_files/values.h"
#include "client/network/perceptron.h"
#include "common/base/status.h"
#include "common/model/snapshot.h"

namespace seedfed {
namespace {

constexpr char kNumbers[] = "seedfed.";  // names of what describes the model

// The tensors of a reader by name.
class Tensors {
 public:
  explicit Tensors(TensorReader& reader) : reader_(reader) {
    for (size_t i = 0; i < reader.tensors().size(); ++i) places_[reader.tensors()[i].name] = i;
  }

  bool Has(const std::string& name) const { return places_.count(name) > 0; }

  // The values of an F32 tensor with so many dimensions.
  absl::StatusOr<std::vector<float>> Values(const std::string& name, size_t dimensions,
                                            std::vector<uint64_t>& shape) {
    const auto found = places_.find(name);
    if (found == places_.end()) {
      return absl::InvalidArgumentError(absl::StrCat("there is no tensor ", Quoted(name)));
    }
    const TensorInfo& info = reader_.tensors()[found->second];
    if (info.dtype != DType::kF32 || info.shape.size() != dimensions) {
      return absl::InvalidArgumentError(
          absl::StrCat("the tensor ", Quoted(name), " is ", DTypeName(info.dtype), " of the shape ",
                       ShapeText(info.shape), "; expected F32 with ", dimensions,
                       dimensions == 1 ? " dimension" : " dimensions"));
    }
    std::string bytes(static_cast<size_t>(info.bytes()), '\0');
    SEEDFED_RETURN_IF_ERROR(reader_.Select(found->second));
    SEEDFED_RETURN_IF_ERROR(reader_.Read(bytes));
    std::vector<float> values(static_cast<size_t>(info.elements()));
    DecodeValues(info.dtype, bytes, std::span(values));
    for (size_t i = 0; i < values.size(); ++i) {
      if (std::isfinite(values[i])) continue;
      return absl::InvalidArgumentError(absl::StrCat("value ", i, " of the tensor ", Quoted(name),
                                                     " is ", values[i],
                                                     "; expected a finite number"));
    }
    shape = info.shape;
    return values;
  }

 private:
  TensorReader& reader_;
  std::map<std::string, size_t> places_;
};

absl::Status LoadLayer(Tensors& tensors, size_t layer, TrainedNetwork& network) {
  const std::string weight_name = absl::StrCat("layer.", layer, ".weight");
  const std::string bias_name = absl::StrCat("layer.", layer, ".bias");
  std::vector<uint64_t> shape, bias_shape;
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<float> weights, tensors.Values(weight_name, 2, shape));
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<float> biases,
                           tensors.Values(bias_name, 1, bias_shape));
  if (bias_shape[0] != shape[0]) {
    return absl::InvalidArgumentError(absl::StrCat("the tensor ", Quoted(bias_name), " has ",
                                                   bias_shape[0], " values; expected ", shape[0],
                                                   ", the outputs of ", Quoted(weight_name)));
  }
  if (!network.layers.empty() && network.layers.back().rows != shape[1]) {
    return absl::InvalidArgumentError(
        absl::StrCat("the tensor ", Quoted(weight_name), " has ", shape[1], " inputs; expected ",
                     network.layers.back().rows, ", the outputs of the layer before"));
  }
  const auto rows = static_cast<Eigen::Index>(shape[0]),
             inputs = static_cast<Eigen::Index>(shape[1]);
  Matrix& made = network.weights.emplace_back(rows, inputs + 1);
  made.leftCols(inputs) = Eigen::Map<const Matrix>(weights.data(), rows, inputs);
  made.col(inputs) = Eigen::Map<const Eigen::VectorXf>(biases.data(), rows);
  network.layers.push_back({static_cast<uint32_t>(shape[0]), static_cast<uint32_t>(shape[1]) + 1});
  return absl::OkStatus();
}

// The file's metadata, and the numbers that an .npz file has as tensors instead.
absl::StatusOr<Metadata> Description(TensorReader& reader) {
  Metadata metadata = reader.metadata();
  for (size_t i = 0; i < reader.tensors().size(); ++i) {
    const TensorInfo& info = reader.tensors()[i];
    if (!absl::StartsWith(info.name, kNumbers) || info.elements() != 1) continue;
    std::string bytes(static_cast<size_t>(info.bytes()), '\0');
    SEEDFED_RETURN_IF_ERROR(reader.Select(i));
    SEEDFED_RETURN_IF_ERROR(reader.Read(bytes));
    double value = 0;
    DecodeValues(info.dtype, bytes, std::span(&value, 1));
    metadata[info.name] = absl::StrFormat("%.17g", value);
  }
  return metadata;
}

absl::Status CheckNames(const TensorReader& reader, size_t layers) {
  for (const TensorInfo& info : reader.tensors()) {
    bool known = absl::StartsWith(info.name, kNumbers);
    for (size_t l = 0; l < layers && !known; ++l) {
      known = info.name == absl::StrCat("layer.", l, ".weight") ||
              info.name == absl::StrCat("layer.", l, ".bias");
    }
    if (known) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("the tensor ", Quoted(info.name),
                     " belongs to no model of seedfed export; expected layer.0.weight, "
                     "layer.0.bias, layer.1.weight and so on"));
  }
  return absl::OkStatus();
}

absl::StatusOr<TrainedNetwork> NetworkOf(TensorReader& tensors, const std::string& name) {
  absl::StatusOr<TrainedNetwork> network = LoadNetwork(tensors);
  if (network.ok() || absl::StartsWith(network.status().message(), name)) return network;
  return absl::Status(network.status().code(),
                      absl::StrCat(name, ": ", network.status().message()));
}

absl::Status HasNoSeeds(const std::string& name, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, " ", what, "; --in-seeds takes a model in pure mode, which is its seeds"));
}

// The layers of a snapshot as their seeds.
absl::StatusOr<TrainedNetwork> SeedNetworkOf(absl::string_view snapshot, const std::string& name) {
  const absl::StatusOr<SnapshotView> view = ReadSnapshot(snapshot);
  if (!view.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": ", view.status().message()));
  }
  const ModelSpec& spec = view->spec;
  if (spec.mode != Mode::kPure) {
    return HasNoSeeds(name, absl::StrCat("has a model in ", ModeName(spec.mode), " mode"));
  }
  TrainedNetwork network;
  network.layers = spec.layers;
  SEEDFED_RETURN_IF_ERROR(Perceptron::Create(network.layers).status());
  network.round = view->round;
  network.fingerprint = ToHex(view->fingerprint);
  for (size_t l = 0; l < spec.layers.size(); ++l) {
    const absl::StatusOr<LayerSeeds> read = ReadLayerSeeds(spec, l, view->payload);
    if (!read.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(name, ": ", read.status().message()));
    }
    network.seeds.emplace_back(spec.layers[l], spec.phase_bits, spec.LayerGain(l), read->codes,
                               read->seeds);
  }
  return network;
}

absl::StatusOr<TrainedNetwork> NetworkOf(std::string snapshot, const std::string& name,
                                         bool in_seeds) {
  if (in_seeds) return SeedNetworkOf(snapshot, name);
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<TensorReader> tensors,
                           OpenSnapshotBytes(name, std::move(snapshot)));
  return NetworkOf(*tensors, name);
}

}  // namespace

absl::StatusOr<TrainedNetwork> LoadNetwork(TensorReader& tensors) {
  TrainedNetwork network;
  Tensors named(tensors);
  do {
    SEEDFED_RETURN_IF_ERROR(LoadLayer(named, network.layers.size(), network));
  } while (named.Has(absl::StrCat("layer.", network.layers.size(), ".weight")));
  SEEDFED_RETURN_IF_ERROR(CheckNames(tensors, network.layers.size()));
  SEEDFED_RETURN_IF_ERROR(Perceptron::Create(network.layers).status());
  SEEDFED_ASSIGN_OR_RETURN(const Metadata metadata, Description(tensors));
  SEEDFED_ASSIGN_OR_RETURN(network.normalisation, NormalisationOf(metadata));
  uint32_t round = 0;
  if (const auto found = metadata.find("seedfed.round");
      found != metadata.end() && absl::SimpleAtoi(found->second, &round)) {
    network.round = round;
  }
  if (const auto found = metadata.find("seedfed.fingerprint"); found != metadata.end()) {
    network.fingerprint = found->second;
  }
  return network;
}

absl::StatusOr<TrainedNetwork> OpenNetwork(const SourceOptions& options, bool in_seeds) {
  std::unique_ptr<ModelSource> source;
  if (options.model.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(source, OpenSource(options));
  } else {
    SEEDFED_ASSIGN_OR_RETURN(const std::optional<FederationKey> key, GivenKey(options));
    SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, InputFile::Open(options.model));
    SEEDFED_ASSIGN_OR_RETURN(source, OpenModelSource(file, key));
    if (source == nullptr) {
      const std::string name = file->name();
      if (in_seeds) return HasNoSeeds(name, "is neither a snapshot nor a words file");
      SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<TensorReader> tensors,
                               OpenTensors(std::move(file)));
      return NetworkOf(*tensors, name);
    }
  }
  SEEDFED_ASSIGN_OR_RETURN(std::string snapshot, source->Snapshot());
  SEEDFED_ASSIGN_OR_RETURN(TrainedNetwork network,
                           NetworkOf(std::move(snapshot), source->name(), in_seeds));
  SEEDFED_ASSIGN_OR_RETURN(network.normalisation, source->Normalisation());
  return network;
}

}  // namespace seedfed

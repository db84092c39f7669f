#ifndef SEEDFED_CLIENT_DATA_DATASET_H_
#define SEEDFED_CLIENT_DATA_DATASET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace seedfed {

// Labelled examples of equally many features, held in memory: images as bytes (a quarter of the
// size of floats), tables as binary32. Immutable apart from its normalisation, so any number of
// threads may read it once that is set. Move-only, because a copy is seldom meant; Select copies.
class Dataset {
 public:
  // Images of rows x columns bytes, example after example; a byte stands for byte/255. The names
  // are the files of the two parts and only serve error sentences. Fails with InvalidArgument when
  // the parts do not fit each other or nothing is in them.
  static absl::StatusOr<Dataset> FromImages(std::string images_name, std::string labels_name,
                                            uint32_t rows, uint32_t columns,
                                            std::vector<uint8_t> pixels,
                                            std::vector<uint32_t> labels);

  // A table of features x labels.size() finite numbers, example after example; a value x stands for
  // x * scale. Fails with InvalidArgument like FromImages, and when scale is 0 or not finite.
  static absl::StatusOr<Dataset> FromTable(std::string name, size_t features,
                                           std::vector<float> values, std::vector<uint32_t> labels,
                                           float scale = 1.0f);

  Dataset(Dataset&&) = default;
  Dataset& operator=(Dataset&&) = default;

  size_t examples() const { return labels_.size(); }  // at least 1, unless made by Select
  size_t features() const { return features_; }       // at least 1
  uint32_t label(size_t example) const { return labels_[example]; }
  std::span<const uint32_t> labels() const { return labels_; }

  // From now on Row gives (x * scale - mean) / stddev; initially mean 0, stddev 1. The values come
  // with the model, so that all clients and the evaluator agree. Fails with InvalidArgument, and
  // changes nothing, unless mean is finite and stddev is positive, finite and not denormal.
  absl::Status set_normalisation(float mean, float stddev);

  // Writes the normalised features of an example < examples(); out.size() must be features().
  void Row(size_t example, std::span<float> out) const;

  // A copy of the examples at `indices`, each < examples(), in that order, with the same
  // normalisation. Repeated indices are allowed.
  Dataset Select(std::span<const uint32_t> indices) const;

  // InvalidArgument, naming the file, the value and what the model expects, unless every example
  // has `inputs` features and a label below `classes`. Counts examples from 0, so it is meant for
  // the whole set, before Select renumbers it.
  absl::Status CheckAgainstModel(size_t inputs, size_t classes) const;

 private:
  Dataset() = default;
  void UpdateByteTable();

  std::string features_name_;
  std::string labels_name_;
  uint32_t rows_ = 0;  // 0 for a table
  uint32_t columns_ = 0;
  size_t features_ = 0;
  float scale_ = 1.0f;
  float mean_ = 0.0f;
  float stddev_ = 1.0f;
  std::vector<uint8_t> pixels_;  // either this
  std::vector<float> values_;    // or this is empty
  std::vector<uint32_t> labels_;
  std::array<float, 256> byte_table_ = {};  // the normalised feature of each byte
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_DATASET_H_

#include "client/data/dataset.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

template <typename T>
std::vector<T> SelectRows(const std::vector<T>& rows, size_t width,
                          std::span<const uint32_t> indices) {
  std::vector<T> selected;
  if (rows.empty()) return selected;
  selected.reserve(indices.size() * width);
  for (const uint32_t index : indices) {
    const auto row = rows.begin() + static_cast<ptrdiff_t>(index * width);
    selected.insert(selected.end(), row, row + static_cast<ptrdiff_t>(width));
  }
  return selected;
}

}  // namespace

absl::StatusOr<Dataset> Dataset::FromImages(std::string images_name, std::string labels_name,
                                            uint32_t rows, uint32_t columns,
                                            std::vector<uint8_t> pixels,
                                            std::vector<uint32_t> labels) {
  const size_t features = size_t{rows} * columns;
  if (features == 0 || pixels.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(images_name, " holds no images"));
  }
  if (pixels.size() % features != 0) {
    return absl::InvalidArgumentError(absl::StrCat(images_name, " has ", pixels.size(),
                                                   " pixels, not a multiple of the image size ",
                                                   rows, "x", columns));
  }
  if (pixels.size() / features != labels.size()) {
    return absl::InvalidArgumentError(absl::StrCat(images_name, " has ", pixels.size() / features,
                                                   " images but ", labels_name, " has ",
                                                   labels.size(), " labels"));
  }
  Dataset dataset;
  dataset.features_name_ = std::move(images_name);
  dataset.labels_name_ = std::move(labels_name);
  dataset.rows_ = rows;
  dataset.columns_ = columns;
  dataset.features_ = features;
  dataset.scale_ = 1.0f / 255.0f;
  dataset.pixels_ = std::move(pixels);
  dataset.labels_ = std::move(labels);
  dataset.UpdateByteTable();
  return dataset;
}

absl::StatusOr<Dataset> Dataset::FromTable(std::string name, size_t features,
                                           std::vector<float> values, std::vector<uint32_t> labels,
                                           float scale) {
  if (features == 0 || labels.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(name, " holds no examples"));
  }
  if (values.size() % features != 0 || values.size() / features != labels.size()) {
    return absl::InvalidArgumentError(absl::StrCat(name, " has ", values.size(), " values, not ",
                                                   features, " for each of its ", labels.size(),
                                                   " labels"));
  }
  if (!std::isfinite(scale) || scale == 0.0f) {
    return absl::InvalidArgumentError(
        absl::StrCat("scale ", scale, " of ", name, " is not a finite number other than 0"));
  }
  Dataset dataset;
  dataset.features_name_ = name;
  dataset.labels_name_ = std::move(name);
  dataset.features_ = features;
  dataset.scale_ = scale;
  dataset.values_ = std::move(values);
  dataset.labels_ = std::move(labels);
  return dataset;
}

absl::Status Dataset::set_normalisation(float mean, float stddev) {
  if (!std::isfinite(mean)) {
    return absl::InvalidArgumentError(
        absl::StrCat("normalisation mean ", mean, " is not a finite number"));
  }
  if (!std::isnormal(stddev) || stddev < 0.0f) {
    return absl::InvalidArgumentError(
        absl::StrCat("normalisation stddev ", stddev, " is not a positive finite number"));
  }
  mean_ = mean;
  stddev_ = stddev;
  UpdateByteTable();
  return absl::OkStatus();
}

void Dataset::UpdateByteTable() {
  for (size_t byte = 0; byte < byte_table_.size(); ++byte) {
    byte_table_[byte] = (static_cast<float>(byte) * scale_ - mean_) / stddev_;
  }
}

void Dataset::Row(size_t example, std::span<float> out) const {
  assert(example < examples() && out.size() == features_);
  const size_t start = example * features_;
  if (!pixels_.empty()) {
    const uint8_t* row = pixels_.data() + start;
    for (size_t i = 0; i < out.size(); ++i) out[i] = byte_table_[row[i]];
  } else {
    const float* row = values_.data() + start;
    for (size_t i = 0; i < out.size(); ++i) out[i] = (row[i] * scale_ - mean_) / stddev_;
  }
}

Dataset Dataset::Select(std::span<const uint32_t> indices) const {
  assert(std::all_of(indices.begin(), indices.end(),
                     [this](uint32_t index) { return index < examples(); }));
  Dataset selected;
  selected.features_name_ = features_name_;
  selected.labels_name_ = labels_name_;
  selected.rows_ = rows_;
  selected.columns_ = columns_;
  selected.features_ = features_;
  selected.scale_ = scale_;
  selected.mean_ = mean_;
  selected.stddev_ = stddev_;
  selected.pixels_ = SelectRows(pixels_, features_, indices);
  selected.values_ = SelectRows(values_, features_, indices);
  selected.labels_ = SelectRows(labels_, 1, indices);
  selected.byte_table_ = byte_table_;
  return selected;
}

absl::Status Dataset::CheckAgainstModel(size_t inputs, size_t classes) const {
  if (features_ != inputs) {
    if (rows_ > 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("image size ", rows_, "x", columns_, " = ", features_, " of ",
                       features_name_, " does not match the model's ", inputs, " inputs"));
    }
    return absl::InvalidArgumentError(absl::StrCat(features_, " features per example of ",
                                                   features_name_, " do not match the model's ",
                                                   inputs, " inputs"));
  }
  for (size_t i = 0; i < labels_.size(); ++i) {
    if (labels_[i] >= classes) {
      return absl::InvalidArgumentError(
          absl::StrCat("label ", labels_[i], " of example ", i, " in ", labels_name_,
                       " is out of range: the model has ", classes, " classes (0 to ",
                       static_cast<int64_t>(classes) - 1, ")"));
    }
  }
  return absl::OkStatus();
}

}  // namespace seedfed

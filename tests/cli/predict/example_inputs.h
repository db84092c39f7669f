#ifndef SEEDFED_TESTS_CLI_PREDICT_EXAMPLE_INPUTS_H_
#define SEEDFED_TESTS_CLI_PREDICT_EXAMPLE_INPUTS_H_

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/predict/example_reader.h"
#include "cli/predict/trained_network.h"
#include "common/base/bytes.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {

// An .npy file, version 1.0. `shape` as Python writes it: "(2, 3)".
inline std::string NpyBytes(const std::string& description, const std::string& shape,
                            const std::string& values, bool fortran_order = false) {
  const std::string text = absl::StrCat("{'descr': '", description,
                                        "', 'fortran_order': ", fortran_order ? "True" : "False",
                                        ", 'shape': ", shape, ", }\n");
  std::string bytes("\x93NUMPY\x01\x00", 8);
  AppendLittleEndian(static_cast<uint16_t>(text.size()), bytes);
  return bytes + text + values;
}

inline std::string FloatBytes(const std::vector<float>& values) {
  std::string bytes;
  for (const float value : values) AppendLittleEndian(std::bit_cast<uint32_t>(value), bytes);
  return bytes;
}

inline std::string BigEndian(const std::vector<uint32_t>& numbers) {
  std::string bytes;
  for (const uint32_t number : numbers) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  }
  return bytes;
}

inline std::string IdxImagesBytes(uint32_t count, uint32_t rows, uint32_t columns,
                                  const std::string& pixels) {
  return BigEndian({0x803, count, rows, columns}) + pixels;
}

inline std::string IdxLabelsBytes(const std::string& labels) {
  return BigEndian({0x801, static_cast<uint32_t>(labels.size())}) + labels;
}

// Two inputs x, y and the classes x, y, 1 - x.
inline TrainedNetwork ExampleNetwork() {
  TrainedNetwork network;
  network.layers = {{3, 3}};
  network.weights = {(Matrix(3, 3) << 1, 0, 0, 0, 1, 0, -1, 0, 1).finished()};
  return network;
}

// The rows of all examples, `most` at a time, and their labels.
struct ReadExamples {
  std::vector<std::vector<float>> rows;
  std::vector<uint32_t> labels;
  std::vector<size_t> batches;
};

inline absl::StatusOr<ReadExamples> ReadAll(ExampleReader& reader, size_t most) {
  ReadExamples all;
  while (true) {
    absl::StatusOr<std::optional<Dataset>> batch = reader.Next(most);
    if (!batch.ok()) return batch.status();
    if (!batch->has_value()) return all;
    all.batches.push_back((*batch)->examples());
    for (size_t i = 0; i < (*batch)->examples(); ++i) {
      std::vector<float>& row = all.rows.emplace_back((*batch)->features());
      (*batch)->Row(i, row);
      all.labels.push_back((*batch)->label(i));
    }
  }
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_PREDICT_EXAMPLE_INPUTS_H_

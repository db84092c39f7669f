#ifndef SEEDFED_TESTS_CLIENT_DRIVER_EXAMPLE_DATA_H_
#define SEEDFED_TESTS_CLIENT_DRIVER_EXAMPLE_DATA_H_

#include <cstdint>
#include <vector>

#include "client/data/dataset.h"

namespace seedfed {

// `examples` images of 4 x 5 bytes with labels 0 to 4 in turn: what the example ensemble model
// (20-13-5) takes.
inline Dataset ExampleData(size_t examples) {
  std::vector<uint8_t> pixels(examples * 20);
  std::vector<uint32_t> labels(examples);
  for (size_t i = 0; i < examples; ++i) {
    labels[i] = static_cast<uint32_t>(i % 5);
    pixels[i * 20 + labels[i]] = static_cast<uint8_t>(200 + i % 50);
  }
  return *Dataset::FromImages("images", "labels", 4, 5, std::move(pixels), std::move(labels));
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLIENT_DRIVER_EXAMPLE_DATA_H_

#ifndef SEEDFED_TESTS_COMMON_MODEL_EXAMPLE_MODELS_H_
#define SEEDFED_TESTS_COMMON_MODEL_EXAMPLE_MODELS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/base/key.h"
#include "common/base/philox.h"
#include "common/model/model.h"
#include "common/model/spec.h"

namespace seedfed {

// The example federation of docs/formats.md: key 000102...0f, small models, updates made from a
// counter.

inline FederationKey ExampleKey() {
  std::array<uint8_t, 16> bytes;
  for (uint8_t i = 0; i < 16; ++i) bytes[i] = i;
  return FederationKey(bytes);
}

inline ModelSpec ExampleEnsemble() {
  return {{{13, 21, 4}, {5, 14, 4}}, Codec::kEnsemble, Mode::kRolling, 2, 8};
}
inline ModelSpec ExampleSingle() { return {{{3, 7, 4}}, Codec::kSingle, Mode::kRolling, 4, 8}; }
inline ModelSpec ExamplePure() { return {{{3, 7, 4}}, Codec::kSingle, Mode::kPure, 4, 8}; }
inline ModelSpec ExampleDense() { return {{{3, 7, 4}}, Codec::kDense, Mode::kRolling, 4, 8}; }

// Coordinate i of example update n is lane 0 of Philox(counter = (i, n, 0, 0), key = (1, 2)), read
// as int32, shifted right by 2: sizes below 2^29.
inline std::vector<int32_t> ExampleCoordinates(const ModelSpec& spec, uint32_t n) {
  std::vector<int32_t> coordinates(spec.coordinates());
  for (size_t i = 0; i < coordinates.size(); ++i) {
    const PhiloxBlock block = Philox4x32({static_cast<uint32_t>(i), n, 0, 0}, {1, 2});
    coordinates[i] = static_cast<int32_t>(block[0]) >> 2;
  }
  return coordinates;
}

// Averaged words of round `round` that hold ExampleCoordinates.
inline std::string ExampleWords(const Model& model, uint32_t round) {
  return model.codec().Encode(ExampleCoordinates(model.spec(), round), round,
                              {ExampleKey().SubKey(Purpose::kDitherDown), 0});
}

inline std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

}  // namespace seedfed

#endif  // SEEDFED_TESTS_COMMON_MODEL_EXAMPLE_MODELS_H_

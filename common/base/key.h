#ifndef SEEDFED_COMMON_BASE_KEY_H_
#define SEEDFED_COMMON_BASE_KEY_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/philox.h"

namespace seedfed {

// What a generator is used for. Each purpose has its own key, so that no two uses share a stream.
enum class Purpose {
  kBase,        // the initial base and, in pure mode, the initial seeds
  kCodes,       // rotation codes
  kDitherUp,    // stochastic rounding of a client's update
  kDitherDown,  // stochastic rounding of the averaged words
  kSampling,    // which examples a client trains on, in which order
  kSharding,    // the cut of a simulation's data set
  kCohort,      // who takes part in a round
};

// The 128-bit secret that a federation's pseudo-random choices come from. Bytes are in the order of
// the text form.
class FederationKey {
 public:
  FederationKey() = default;
  explicit FederationKey(const std::array<uint8_t, 16>& bytes) : bytes_(bytes) {}

  // Exactly 32 hexadecimal digits are the 16 bytes; any other text must be a decimal number below
  // 2^64, which is stored little-endian in the first eight bytes.
  static absl::StatusOr<FederationKey> Parse(absl::string_view text);

  // Exactly 16 bytes.
  static absl::StatusOr<FederationKey> FromBytes(absl::string_view bytes);

  const std::array<uint8_t, 16>& bytes() const { return bytes_; }

  // The first eight bytes, as two little-endian numbers, of BLAKE2b-128 with this key over the
  // purpose's name
  // ("seedfed.v1.base", "seedfed.v1.codes", ...; docs/formats.md lists them).
  PhiloxKey SubKey(Purpose purpose) const;

  friend bool operator==(const FederationKey&, const FederationKey&) = default;

 private:
  std::array<uint8_t, 16> bytes_{};
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_KEY_H_

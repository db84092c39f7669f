#include "common/codec/single_word.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr uint32_t kCodeMask = (1U << kCodeBits) - 1;
constexpr uint32_t kThetaMask = (1U << 24) - 1;
constexpr uint32_t kLargestRadius = (1U << 30) - (1U << 6);  // Q1.30; the binary32 just below 1

// Scaling a binary32 by a power of two is exact in binary64, and llrint rounds ties to even.
int64_t ScaleAndRound(float value, double power) { return std::llrint(value * power); }

uint64_t QuantisedHalf(const SingleFields& fields) {
  const int64_t r = std::min<int64_t>(ScaleAndRound(fields.r, 0x1p20), (1 << 20) - 1);
  const int64_t theta = ScaleAndRound(fields.theta, 0x1p24);
  return PackPacked64(
      {static_cast<uint32_t>(r), static_cast<uint32_t>(theta) & kThetaMask, fields.code});
}

}  // namespace

uint64_t PackPacked64(const Packed64Fields& fields) {
  return uint64_t{fields.r} << 44 | uint64_t{fields.theta} << 20 | fields.code;
}

Packed64Fields UnpackPacked64(uint64_t hi) {
  return {static_cast<uint32_t>(hi >> 44), static_cast<uint32_t>(hi >> 20) & kThetaMask,
          static_cast<uint32_t>(hi) & kCodeMask};
}

Word PackSingle(const SingleFields& fields) {
  return {QuantisedHalf(fields), uint64_t{std::bit_cast<uint32_t>(fields.r)} << 32 |
                                     std::bit_cast<uint32_t>(fields.theta)};
}

absl::StatusOr<SingleFields> UnpackSingle(const Word& word) {
  const SingleFields fields = {std::bit_cast<float>(static_cast<uint32_t>(word.lo >> 32)),
                               std::bit_cast<float>(static_cast<uint32_t>(word.lo)),
                               static_cast<uint32_t>(word.hi) & kCodeMask};
  if (!(fields.r >= 0 && fields.r < 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("r is ", fields.r, "; expected a number in [0, 1)"));
  }
  if (!(fields.theta >= -0.5F && fields.theta < 0.5F)) {
    return absl::InvalidArgumentError(
        absl::StrCat("theta is ", fields.theta, "; expected a number of turns in [-0.5, 0.5)"));
  }
  if (const uint64_t expected = QuantisedHalf(fields); word.hi != expected) {
    return absl::InvalidArgumentError(
        absl::StrCat("the integer half is 0x", absl::Hex(word.hi, absl::kZeroPad16),
                     " but the float half rounds to 0x", absl::Hex(expected, absl::kZeroPad16)));
  }
  return fields;
}

Word EncodeSingle(Seed seed, uint32_t code) {
  const Polar polar = ToPolar({seed.u, seed.v});
  SingleFields fields;
  fields.r = static_cast<float>(std::min(polar.r, kLargestRadius)) * 0x1p-30F;
  fields.theta = static_cast<float>(static_cast<int32_t>(polar.turns)) * 0x1p-32F;
  if (fields.theta == 0.5F) fields.theta = -0.5F;
  fields.code = code;
  return PackSingle(fields);
}

absl::StatusOr<Polar> DecodeSinglePolar(const Word& word, uint32_t code) {
  SEEDFED_ASSIGN_OR_RETURN(const SingleFields fields, UnpackSingle(word));
  if (fields.code != code) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the rotation code is 0x", absl::Hex(fields.code), "; expected 0x", absl::Hex(code)));
  }
  return Polar{static_cast<uint32_t>(ScaleAndRound(fields.r, 0x1p30)),
               static_cast<uint32_t>(ScaleAndRound(fields.theta, 0x1p32))};
}

absl::StatusOr<Seed> DecodeSingle(const Word& word, uint32_t code) {
  SEEDFED_ASSIGN_OR_RETURN(const Polar polar, DecodeSinglePolar(word, code));
  const Cartesian point = ToCartesian(polar);
  return Seed{point.x, point.y};
}

}  // namespace seedfed

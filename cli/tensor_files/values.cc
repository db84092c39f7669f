#include "cli/tensor_files/values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "common/base/bytes.h"

namespace seedfed {
namespace {

// A binary format of IEEE-754's kind in 16 bits.
struct Half {
  int mantissa_bits;
  int bias;
};
constexpr Half kBinary16 = {10, 15};
constexpr Half kBfloat16 = {7, 127};

float Binary16ToFloat(uint16_t bits) {
  const uint32_t sign = uint32_t{bits & 0x8000U} << 16;
  const uint32_t exponent = bits >> 10 & 0x1f;
  const uint32_t mantissa = bits & 0x3ff;
  if (exponent == 0) {
    const float size = static_cast<float>(mantissa) * 0x1p-24F;
    return sign != 0 ? -size : size;
  }
  const uint32_t wide = exponent == 31 ? 255 : exponent + (127 - 15);
  return std::bit_cast<float>(sign | wide << 23 | mantissa << 13);
}

float Bfloat16ToFloat(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

uint16_t ToHalf(double value, const Half& format) {
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  const double size = std::abs(value);
  if (size == 0) return sign;
  // The place of the last mantissa bit; subnormal numbers share the smallest one.
  const int exponent = std::max(std::ilogb(size), 1 - format.bias);
  const double scaled = std::ldexp(size, format.mantissa_bits - exponent);
  const int exponent_mask = (1 << (15 - format.mantissa_bits)) - 1;
  const int largest = (exponent_mask << format.mantissa_bits) - 1;
  const int biased = exponent + format.bias - 1;
  if (biased >= exponent_mask) return static_cast<uint16_t>(sign | largest);
  // The implicit leading bit of a normal number carries into the exponent field.
  const int bits = (biased << format.mantissa_bits) + static_cast<int>(std::nearbyint(scaled));
  return static_cast<uint16_t>(sign | std::min(bits, largest));
}

float ToFloat(double value) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  return static_cast<float>(std::clamp(value, -kLargest, kLargest));
}

template <typename T>
void Decode(DType dtype, std::span<const char> bytes, std::span<T> values) {
  const char* in = bytes.data();
  switch (dtype) {
    case DType::kF16:
      for (T& value : values) {
        value = Binary16ToFloat(LoadLittleEndian<uint16_t>(in));
        in += 2;
      }
      break;
    case DType::kBF16:
      for (T& value : values) {
        value = Bfloat16ToFloat(LoadLittleEndian<uint16_t>(in));
        in += 2;
      }
      break;
    case DType::kF32:
      for (T& value : values) {
        value = std::bit_cast<float>(LoadLittleEndian<uint32_t>(in));
        in += 4;
      }
      break;
    case DType::kF64:
      for (T& value : values) {
        value = static_cast<T>(std::bit_cast<double>(LoadLittleEndian<uint64_t>(in)));
        in += 8;
      }
      break;
  }
}

}  // namespace

void DecodeValues(DType dtype, std::span<const char> bytes, std::span<float> values) {
  Decode(dtype, bytes, values);
}

void DecodeValues(DType dtype, std::span<const char> bytes, std::span<double> values) {
  Decode(dtype, bytes, values);
}

void EncodeValues(DType dtype, std::span<const double> values, std::span<char> bytes) {
  char* out = bytes.data();
  for (const double value : values) {
    switch (dtype) {
      case DType::kF16:
        StoreLittleEndian(ToHalf(value, kBinary16), out);
        break;
      case DType::kBF16:
        StoreLittleEndian(ToHalf(value, kBfloat16), out);
        break;
      case DType::kF32:
        StoreLittleEndian(std::bit_cast<uint32_t>(ToFloat(value)), out);
        break;
      case DType::kF64:
        StoreLittleEndian(std::bit_cast<uint64_t>(value), out);
        break;
    }
    out += DTypeBytes(dtype);
  }
}

}  // namespace seedfed

#ifndef SEEDFED_COMMON_BASE_BYTES_H_
#define SEEDFED_COMMON_BASE_BYTES_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include "absl/strings/string_view.h"

namespace seedfed {

// Unsigned integers as bytes, least significant first, on any host.

template <std::unsigned_integral T>
T LoadLittleEndian(const char* bytes) {
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(
        value | static_cast<T>(static_cast<T>(static_cast<uint8_t>(bytes[i])) << (8 * i)));
  }
  return value;
}

template <std::unsigned_integral T>
void StoreLittleEndian(T value, char* bytes) {
  for (size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(value >> (8 * i));
}

template <std::unsigned_integral T>
void AppendLittleEndian(T value, std::string& out) {
  char bytes[sizeof(T)];
  StoreLittleEndian(value, bytes);
  out.append(bytes, sizeof(T));
}

inline std::span<const uint8_t> AsBytes(absl::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace seedfed

#endif  // SEEDFED_COMMON_BASE_BYTES_H_

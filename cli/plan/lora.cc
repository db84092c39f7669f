#include "cli/plan/lora.h"

#include <algorithm>

namespace seedfed {
namespace {

constexpr int64_t kPreambleSymbols = 8;
constexpr int64_t kCodingRate = 1;  // 4/5

}  // namespace

absl::Duration LoraAirTime(uint32_t physical_bytes, uint32_t spreading_factor, bool checksum) {
  const int64_t sf = spreading_factor;
  const int64_t symbol_us = (int64_t{1} << sf) * 8;  // 2^SF / 125 kHz
  const int64_t low_rate = symbol_us > 16'000 ? 1 : 0;
  const int64_t bits = 8 * int64_t{physical_bytes} - 4 * sf + 28 + (checksum ? 16 : 0);
  const int64_t bits_per_block = 4 * (sf - 2 * low_rate);
  const int64_t blocks = std::max<int64_t>(0, (bits + bits_per_block - 1) / bits_per_block);
  const int64_t payload_symbols = 8 + blocks * (kCodingRate + 4);
  const int64_t quarter_symbols = 4 * (kPreambleSymbols + payload_symbols) + 17;
  return absl::Microseconds(quarter_symbols * symbol_us / 4);
}

Transmission LorawanTransmission(uint64_t bytes, const LorawanRate& rate, bool up) {
  const uint64_t full = bytes / rate.payload_bytes;
  const auto rest = static_cast<uint32_t>(bytes % rate.payload_bytes);
  const auto air_time = [&](uint32_t payload) {
    return LoraAirTime(payload + kLorawanOverheadBytes, rate.spreading_factor, up);
  };
  Transmission sum = {full, static_cast<int64_t>(full) * air_time(rate.payload_bytes)};
  if (rest > 0) {
    ++sum.messages;
    sum.air_time += air_time(rest);
  }
  return sum;
}

}  // namespace seedfed

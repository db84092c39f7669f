#ifndef SEEDFED_CLI_PLAN_LORA_H_
#define SEEDFED_CLI_PLAN_LORA_H_

#include <cstdint>

#include "absl/time/time.h"

namespace seedfed {

// LoRa at 125 kHz with coding rate 4/5, an explicit header and a preamble of 8 symbols, as LoRaWAN
// uses it in EU868.
//
// Source: Semtech, SX1276/77/78/79 datasheet, section 4.1.1.7, and application note AN1200.13:
//   symbol = 2^SF / bandwidth
//   time = (preamble + 4.25) symbols + (8 + max(ceil((8 PL - 4 SF + 28 + 16 CRC - 20 IH) / (4 (SF -
//   2 DE))) (CR + 4), 0)) symbols
// with PL the physical payload in bytes, CRC = 1 if it has a checksum, IH = 0 for an explicit
// header, CR = 1 for 4/5, and DE = 1 (low data rate optimisation) for symbols longer than 16 ms:
// SF11 and SF12 at 125 kHz.
//
// `physical_bytes`: 0 to 255. `spreading_factor`: 7 to 12. Exact.
absl::Duration LoraAirTime(uint32_t physical_bytes, uint32_t spreading_factor, bool checksum);

// One of LoRaWAN's data rates in EU868. `payload_bytes` is N of the table "EU863-870 maximum
// payload size" of the LoRaWAN Regional Parameters: the largest application payload of a message
// without MAC commands.
struct LorawanRate {
  const char* name;
  uint32_t spreading_factor;
  uint32_t payload_bytes;
};

inline constexpr LorawanRate kLorawanSf7 = {"SF7", 7, 222};    // DR5
inline constexpr LorawanRate kLorawanSf12 = {"SF12", 12, 51};  // DR0

// LoRaWAN's own bytes of a message without MAC commands: MHDR 1, DevAddr 4, FCtrl 1, FCnt 2, FPort
// 1, MIC 4. Source: LoRaWAN specification 1.0.4, MAC message formats.
inline constexpr uint32_t kLorawanOverheadBytes = 13;

// Share of the time that a transmitter may be on the air between 868.0 and 868.6 MHz, where EU868's
// three default channels lie. Source: ETSI EN 300 220-2.
inline constexpr double kLorawanDutyCycle = 0.01;

struct Transmission {
  uint64_t messages = 0;
  absl::Duration air_time;
};

// `bytes` in as few messages as the rate allows, all full but perhaps the last. Messages up have a
// checksum, those down have none.
Transmission LorawanTransmission(uint64_t bytes, const LorawanRate& rate, bool up);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PLAN_LORA_H_

#ifndef SEEDFED_CLI_PLAN_LINK_PLAN_H_
#define SEEDFED_CLI_PLAN_LINK_PLAN_H_

#include <cstdint>

#include "absl/time/time.h"
#include "cli/plan/lora.h"

namespace seedfed {

// Iridium Short Burst Data: the largest message from a device and to it, in bytes, of the 9602 and
// 9603 transceivers. Source: Iridium, 9602 SBD transceiver developer's guide.
inline constexpr uint64_t kSbdBytesUp = 340;
inline constexpr uint64_t kSbdBytesDown = 270;

// Messages of at most `message_bytes` that `bytes` need.
uint64_t Messages(uint64_t bytes, uint64_t message_bytes);

// Time of `bytes` at `kbps` (1,000 bit/s), without protocol overhead.
absl::Duration LinkTime(uint64_t bytes, double kbps);

// One round of one client: its update up, the averaged words down.
struct LorawanRound {
  Transmission up;
  Transmission down;       // one multicast can serve all clients
  absl::Duration elapsed;  // (air time up + air time down) / kLorawanDutyCycle: the client's and
                           // the gateway's waiting
};
LorawanRound PlanLorawanRound(uint64_t bytes, const LorawanRate& rate);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PLAN_LINK_PLAN_H_

#include "cli/plan/link_plan.h"

namespace seedfed {

uint64_t Messages(uint64_t bytes, uint64_t message_bytes) {
  return bytes / message_bytes + (bytes % message_bytes != 0 ? 1 : 0);
}

absl::Duration LinkTime(uint64_t bytes, double kbps) {
  return absl::Seconds(static_cast<double>(bytes) * 8 / (kbps * 1000));
}

LorawanRound PlanLorawanRound(uint64_t bytes, const LorawanRate& rate) {
  LorawanRound round = {
      LorawanTransmission(bytes, rate, true), LorawanTransmission(bytes, rate, false), {}};
  round.elapsed = (round.up.air_time + round.down.air_time) / kLorawanDutyCycle;
  return round;
}

}  // namespace seedfed

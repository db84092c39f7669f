#ifndef SEEDFED_CLI_PLAN_PLAN_REPORT_H_
#define SEEDFED_CLI_PLAN_PLAN_REPORT_H_

#include <string>

#include "cli/plan/size_plan.h"

namespace seedfed {

// The plan as a table with a column for each codec, and what it assumes.
std::string PlanText(const PlanRequest& request);

// The plan as a JSON document. Bytes and messages are numbers, times are seconds:
//   model {layers (null: not known), weights, fp32_bytes}, tile, phase_bits, clients, rounds,
//   assumptions {nbiot_kbps, link_kbps (null: none), lorawan_duty_cycle}, plans: array of
//     codec, tiles, words (null with dense), update_bytes, ratio_to_fp32,
//     round {client_up_bytes, client_down_bytes, server_in_bytes, server_out_bytes},
//     run {client_bytes, server_bytes, fp32_server_bytes}, both ways,
//     memory {client_bytes, server_bytes},
//     links {lorawan_sf7, lorawan_sf12 {messages_up, messages_down, air_seconds_up,
//     air_seconds_down, round_seconds, run_seconds},
//            iridium_sbd {messages_up, messages_down, run_messages}, nbiot, link {seconds_up,
//            seconds_down, run_seconds}}
std::string PlanJson(const PlanRequest& request);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PLAN_PLAN_REPORT_H_

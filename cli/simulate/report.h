#ifndef SEEDFED_CLI_SIMULATE_REPORT_H_
#define SEEDFED_CLI_SIMULATE_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "cli/simulate/options.h"
#include "cli/simulate/round_feed.h"

namespace seedfed {

// What a simulation did.
struct RunReport {
  SimulateOptions options;
  uint64_t weights = 0;                // of the model, biases included
  std::vector<EvaluatedRound> rounds;  // in the order of rounds; perhaps none
  absl::Duration wall_time;            // from the start of the first process to the end of the last
  std::string folder;                  // the run folder
  std::string model;                   // file of the final model; empty: there is none
};

struct Totals {
  uint64_t client_up = 0;    // bytes a client sent in all rounds
  uint64_t client_down = 0;  // bytes of averaged words a client received in all rounds
  uint64_t all_up = 0;       // the same of all clients
  uint64_t all_down = 0;
  uint64_t fedavg = 0;  // all clients, both ways, with an fp32 number per weight and round
  double ratio = 0;     // fedavg / (all_up + all_down); 0 when nothing was sent
};

Totals ComputeTotals(const RunReport& report);

// The lines after the table, each with its end of line. A run that was cut short (fewer rounds than
// planned) says so.
std::string SummaryText(const RunReport& report);

// The file of --json:
//   settings               the options by name, as given or their defaults (null: follows from
//   others) rounds                 array of round, accuracy, loss, bytes_up, bytes_down (per
//   client), seconds accuracy               of the last round, 0 to 1 bytes_up_total,
//   bytes_down_total, fedavg_bytes_total    all clients and rounds; the last one both ways
//   seconds_total          wall time
//   model_fingerprint, base_checksum    of the last round, hexadecimal
std::string ReportJson(const RunReport& report);

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_REPORT_H_

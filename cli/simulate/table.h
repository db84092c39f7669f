#ifndef SEEDFED_CLI_SIMULATE_TABLE_H_
#define SEEDFED_CLI_SIMULATE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "cli/simulate/round_feed.h"
#include "common/terminal/progress_bar.h"

namespace seedfed {

// The table of rounds as lines of text. Where a line has not enough columns, the less telling ones
// are left out; round and accuracy always stay.
class RoundTable {
 public:
  // `width`: the longest line allowed, in characters.
  explicit RoundTable(size_t width);

  std::string Header() const;
  std::string Row(const EvaluatedRound& record) const;

 private:
  enum class Column { kRound, kAccuracy, kLoss, kUp, kDown, kSeconds };

  std::vector<Column> columns_;
};

struct SimulationProgress {
  uint32_t done = 0;                // rounds complete
  uint32_t rounds = 1;              // rounds planned, at least 1
  absl::Duration elapsed;           // since the start of the run
  absl::Duration per_round;         // mean duration of the complete rounds; unused while done == 0
  absl::Duration since_last_round;  // since the last complete round; unused while done == 0
};

// One line: rounds done and planned, a bar, elapsed time and an estimate of the time left. At most
// `width` characters; parts that do not fit are left out.
std::string ProgressLine(const SimulationProgress& progress, size_t width, const BarStyle& style);

// Time left if the remaining rounds take as long as the mean so far; never negative, infinite while
// done == 0.
absl::Duration TimeLeft(const SimulationProgress& progress);

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_TABLE_H_

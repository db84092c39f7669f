#ifndef SEEDFED_CLIENT_PROGRESS_PROGRESS_LINE_H_
#define SEEDFED_CLIENT_PROGRESS_PROGRESS_LINE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "common/terminal/progress_bar.h"

namespace seedfed {

// What a client does at a moment.
enum class Activity {
  kConnecting,
  kPreparing,
  kFetching,
  kTraining,
  kSending,
  kWaitingForRound,
  kWaitingForClients,
  kEvaluating,
  kReconnecting,
};

// How far a client is in its federation.
struct ClientProgress {
  Activity activity = Activity::kConnecting;
  uint32_t round = 0;       // the one it works on or waits for; 0: not known yet
  uint32_t rounds = 0;      // planned; 0: without end
  uint32_t complete = 0;    // rounds
  double part = 0;          // of the training that is done, 0 to 1
  absl::Duration next_try;  // monotonic time; of kReconnecting
  std::optional<double> loss;
  std::optional<double> accuracy;
  uint64_t bytes = 0;  // of words and snapshots, both ways
};

// One line of at most `width` characters:
//   " round 7 of 60 [####......] training 43 %, loss 0.6123, 57.4 kB". Where that is too long, it
// leaves out bytes, then loss or accuracy, then the bar, then the end of what is left. `now` is
// monotonic.
std::string ProgressLine(const ClientProgress& progress, absl::Duration now, size_t width,
                         const BarStyle& style);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_PROGRESS_PROGRESS_LINE_H_

#ifndef SEEDFED_CLI_SIMULATE_ROUND_FEED_H_
#define SEEDFED_CLI_SIMULATE_ROUND_FEED_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// What the evaluator reports of one averaged model.
struct EvaluatedRound {
  uint32_t round = 0;
  double accuracy = 0;  // share of the test examples, 0 to 1
  double loss = 0;  // mean over the test examples, nats; NaN or infinite for a model that diverged
  uint64_t bytes_up = 0;      // a client's serialised update, bytes
  uint64_t bytes_down = 0;    // the averaged words, bytes
  double seconds = 0;         // the round's duration
  std::string fingerprint;    // hexadecimal
  std::string base_checksum;  // hexadecimal
};

// One line of the evaluator's --json, without its end of line. DataLoss names the field that
// is missing.
absl::StatusOr<EvaluatedRound> ParseRoundLine(absl::string_view line);

// Reads a file of such lines while another process still writes it. A line counts once its end is
// there.
class RoundFeed {
 public:
  explicit RoundFeed(std::filesystem::path path) : path_(std::move(path)) {}

  // The records completed since the last call; none while the file does not exist.
  absl::StatusOr<std::vector<EvaluatedRound>> Poll();

 private:
  std::filesystem::path path_;
  uint64_t offset_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_ROUND_FEED_H_

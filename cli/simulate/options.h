#ifndef SEEDFED_CLI_SIMULATE_OPTIONS_H_
#define SEEDFED_CLI_SIMULATE_OPTIONS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/simulate/run_folder.h"

namespace seedfed {

// An option that only the server understands; it is handed on as written, and the server says what
// is wrong with it.
struct ServerOption {
  const char* flag;           // ours
  const char* server_flag;    // the server's
  const char* default_value;  // the server's; empty where it follows from other options; with
                              // --mode pure the codec is single
  const char* setting;        // its name in the report
  bool number;                // in the report
  const char* help;
};

inline constexpr std::array<ServerOption, 9> kServerOptions = {{
    {"--samples", "--samples", "2000", "samples", true,
     "Examples per client and round; 0: all the client has"},
    {"--tile", "--tile", "8", "tile", false,
     "Side of a tile, a power of two from 4 to 256; one, or one per layer: 32,16,8"},
    {"--codec", "--codec", "ensemble", "codec", false,
     "ensemble, single, or dense (FedAvg with fp32 weights); mode pure: single"},
    {"--mode", "--mode", "rolling", "mode", false, "rolling, or pure (the words are the model)"},
    {"--phase-bits", "--phase-bits", "2", "phase_bits", true, "2 (four phases) or 4 (sixteen)"},
    {"--alpha", "--alpha", "0", "alpha", true,
     "Dirichlet concentration of the split of labels over the clients; 0: all alike"},
    {"--learning-rate,--lr", "--lr", "", "learning_rate", true,
     "Adam's step in the first round; the default follows from codec and tile"},
    {"--batch", "--batch", "64", "batch", true, "Examples per training step"},
    {"--lr-decay", "--lr-decay", "0.97", "lr_decay", true,
     "Factor on the learning rate per round, above 0 up to 1"},
}};

struct SimulateOptions {
  uint32_t rounds = 60;
  uint32_t clients = 10;
  std::string key = "1";
  std::string model = "784-256-128-10";
  std::array<std::optional<std::string>, kServerOptions.size()>
      server_values;  // as kServerOptions; absent: not given
  std::string data = "/usr/share/datasets/fashion-mnist";
  std::string json;    // file of the report; empty: none
  std::string keep;    // run folder; empty: a fresh temporary one
  bool watch = false;  // serve the page, also after the training, until the user ends it
  std::string http;    // HOST:PORT of the page; empty: the server's default
};

// The most clients that one simulation starts as processes.
inline constexpr uint32_t kMostClients = 1000;
inline constexpr uint32_t kMostRounds = 1'000'000;

// A whole number from `least` to `most`. InvalidArgument: "'x' is not a whole number from ... to
// ...".
absl::StatusOr<uint32_t> ParseCount(absl::string_view text, uint32_t least, uint32_t most);

// What would only show in a client's log later: the folder of --data, its files, and the folder of
// --json.
absl::Status CheckFiles(const SimulateOptions& options);

// Weights of the model, biases included. InvalidArgument when --model is not one.
absl::StatusOr<uint64_t> ModelWeights(const SimulateOptions& options);

// Arguments of the three programs.
std::vector<std::string> ServerArguments(const SimulateOptions& options, const RunFolder& folder);
std::vector<std::string> ClientArguments(const SimulateOptions& options, uint16_t port,
                                         uint32_t client);
std::vector<std::string> EvaluatorArguments(const SimulateOptions& options, uint16_t port,
                                            const RunFolder& folder);

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_OPTIONS_H_

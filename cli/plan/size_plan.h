#ifndef SEEDFED_CLI_PLAN_SIZE_PLAN_H_
#define SEEDFED_CLI_PLAN_SIZE_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/model/spec.h"

namespace seedfed {

// What a federation is planned for. Either layers, or only a number of weights.
struct PlanRequest {
  std::vector<LayerSpec> layers;  // empty: `weights` without shapes
  uint64_t weights = 0;
  std::vector<uint32_t> tiles;  // sides: one, or one per layer
  std::vector<Codec> codecs;    // in the order of the report
  uint32_t phase_bits = 2;      // no size depends on it
  uint32_t clients = 10;        // that send an update in each round
  uint32_t rounds = 60;
  double nbiot_kbps = 20;           // effective rate of NB-IoT, kbit/s
  std::optional<double> link_kbps;  // rate of another link, kbit/s
};

// As written on the command line.
struct PlanArguments {
  std::string model;   // "784-256-128-10", or empty
  std::string params;  // "13e9", "13B", or empty
  std::string tile = "8";
  std::string codec;  // empty: all
  uint32_t phase_bits = 2;
  uint32_t clients = 10;
  uint32_t rounds = 60;
  double nbiot_kbps = 20;
  std::optional<double> link_kbps;
};

inline constexpr uint64_t kMostPlannedWeights = 10'000'000'000'000;
inline constexpr uint32_t kMostPlannedClients = 1'000'000;
inline constexpr uint32_t kMostPlannedRounds = 1'000'000;
inline constexpr double kLeastKbps = 1e-3;
inline constexpr double kMostKbps = 1e9;

// InvalidArgument with the first value that is wrong.
absl::StatusOr<PlanRequest> MakePlanRequest(const PlanArguments& arguments);

// A number of weights, 1 to kMostPlannedWeights: "235146", "13e9", "1.5e6", or with the suffix k,
// M, B or T (10^3, 10^6, 10^9, 10^12). InvalidArgument otherwise.
absl::StatusOr<uint64_t> ParseWeights(absl::string_view text);

// The sizes of one codec, in bytes. An update is all words of all layers; protocol fields around it
// are not counted.
struct CodecSizes {
  Codec codec = Codec::kEnsemble;
  uint64_t tiles = 0;  // 0 with the dense codec
  uint64_t words = 0;  // 0 with the dense codec
  uint64_t update_bytes = 0;
  uint64_t client_memory = 0;
  uint64_t server_memory = 0;
};

// A layer has ceil(rows / tile) * ceil(cols / tile) tiles. Without shapes all tiles are full and
// belong to one layer: a lower bound, ceil(weights / tile^2). Words: single, one a tile; ensemble,
// ceil(tiles of a layer / 15).
//
// Memory is that of numbers that grow with the model: no examples, activations or buffers of the
// network.
//   client, words   24 a weight: int32 base 4, float weights 4, float base 4, cosine and sine of
//   the phase 8, gradients 4
//                   40 a tile: u and v, their gradients and two Adam moments as floats, and as
//                   integers
//   client, dense   28 a weight: int32 base 4, float weights now 4 and before 4, gradients 4, Adam
//   moments 8, integers 4 server           4 a weight: int32 base; 16 a coordinate: int64 sums, one
//   decoded update, the mean
// and on either side two updates. Source: client/core/seed_optimiser.h,
// server/aggregation/weighted_mean.h.
CodecSizes ComputeSizes(const PlanRequest& request, Codec codec);

}  // namespace seedfed

#endif  // SEEDFED_CLI_PLAN_SIZE_PLAN_H_

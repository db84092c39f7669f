#ifndef SEEDFED_CLI_INSPECT_SNAPSHOT_REPORT_H_
#define SEEDFED_CLI_INSPECT_SNAPSHOT_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/inspect/statistics.h"
#include "common/base/hash.h"
#include "common/model/snapshot.h"

namespace seedfed {

struct SnapshotSummary {
  SnapshotView view;  // into the bytes summarised
  Digest128 base_checksum{};
  std::vector<Statistics> weights;  // of every layer, in units of weights
};

// The summary of a snapshot's bytes, which must outlive it. No key is needed: in pure mode the
// words carry their rotation codes, which are then taken as right. InvalidArgument when it is no
// snapshot, damaged, or has words that are not valid.
absl::StatusOr<SnapshotSummary> SummariseSnapshot(absl::string_view bytes);

std::string SnapshotText(const std::string& name, const SnapshotSummary& summary);

// kind "snapshot", file, version, round, fingerprint, checksum, checksum_valid, base_checksum,
// model {layers, weights, codec, mode, gain, phase_bits}, layers: array of {rows, cols, tile,
// tiles, min, max, mean, std}
nlohmann::ordered_json SnapshotJson(const std::string& name, const SnapshotSummary& summary);

// A model's line of text, and its object in JSON: {layers, weights, tile, codec, mode, gain,
// phase_bits, update_bytes}.
std::string ModelText(const ModelSpec& spec);
nlohmann::ordered_json ModelJson(const ModelSpec& spec);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_SNAPSHOT_REPORT_H_

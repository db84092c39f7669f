#ifndef SEEDFED_CLI_MODEL_SOURCE_MODEL_SOURCE_H_
#define SEEDFED_CLI_MODEL_SOURCE_MODEL_SOURCE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/model_source/input_normalisation.h"
#include "cli/model_source/words_file.h"
#include "common/base/key.h"

namespace seedfed {

// Something that a model can be taken from. Not thread-safe. Every error is a sentence that names
// the source.
class ModelSource {
 public:
  virtual ~ModelSource() = default;

  // The model after the source's last complete round, as a whole snapshot (docs/formats.md).
  virtual absl::StatusOr<std::string> Snapshot() = 0;

  // Absent: the source does not say.
  virtual absl::StatusOr<std::optional<InputNormalisation>> Normalisation() = 0;
  virtual absl::StatusOr<std::optional<FederationKey>> Key() = 0;

  // Gives the averaged words of the rounds 1 to `last`, which are complete, in order.
  // FailedPrecondition when the source does not have the history.
  virtual absl::Status ReadRounds(uint32_t last, const EachRound& each) = 0;

  // For sentences: a file's path, "the store DIR", "the server HOST:PORT".
  virtual const std::string& name() const = 0;
};

// The model after round `round` (1 or more) as a snapshot, made again from the key and the words of
// all rounds up to it; `spec` is the model's. OutOfRange when the source has fewer rounds.
absl::StatusOr<std::string> RebuildSnapshot(ModelSource& source, const ModelSpec& spec,
                                            uint32_t round);

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_MODEL_SOURCE_H_

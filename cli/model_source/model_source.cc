#include "cli/model_source/model_source.h"

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/model/model.h"

namespace seedfed {

absl::StatusOr<std::string> RebuildSnapshot(ModelSource& source, const ModelSpec& spec,
                                            uint32_t round) {
  SEEDFED_ASSIGN_OR_RETURN(const std::optional<FederationKey> key, source.Key());
  if (!key) {
    return absl::FailedPreconditionError(absl::StrCat(
        source.name(), " does not hold the federation key, which earlier rounds need"));
  }
  SEEDFED_ASSIGN_OR_RETURN(Model model, Model::Create(spec, *key));
  SEEDFED_RETURN_IF_ERROR(source.ReadRounds(round, [&](uint32_t number, absl::string_view words) {
    const absl::Status applied = model.Apply(number, words);
    if (applied.ok()) return applied;
    return absl::DataLossError(
        absl::StrCat("round ", number, " of ", source.name(), " is damaged: ", applied.message()));
  }));
  if (model.round() != round) {
    return absl::OutOfRangeError(absl::StrCat(source.name(), " has ", model.round(),
                                              " rounds; round ", round, " is not complete there"));
  }
  return model.SaveSnapshot();
}

}  // namespace seedfed

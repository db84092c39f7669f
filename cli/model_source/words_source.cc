#include "cli/model_source/words_source.h"

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/model/model.h"
#include "common/model/snapshot.h"

namespace seedfed {

absl::StatusOr<std::string> WordsSource::Snapshot() {
  const WordsHeader& header = file_.header();
  if (header.spec.mode == Mode::kPure) {
    // The words are the model, and hold their codes.
    std::string snapshot;
    SEEDFED_RETURN_IF_ERROR(
        file_.ReadRounds(header.round, [&](uint32_t round, absl::string_view words) {
          snapshot = SnapshotBytes(round, header.fingerprint, header.spec, words);
          return absl::OkStatus();
        }));
    return snapshot;
  }
  if (!key_) {
    return absl::FailedPreconditionError(absl::StrCat(
        name(),
        " does not hold the federation key, which its words need: give it with --key-file"));
  }
  SEEDFED_ASSIGN_OR_RETURN(std::string snapshot, RebuildSnapshot(*this, header.spec, header.round));
  SEEDFED_ASSIGN_OR_RETURN(const SnapshotView view, ReadSnapshot(snapshot));
  if (view.fingerprint != header.fingerprint) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the words of ", name(), " lead to the fingerprint ", ToHex(view.fingerprint),
        "; the file says ", ToHex(header.fingerprint),
        header.key ? ": it was not written by seedfed export" : ": the key is another one"));
  }
  return snapshot;
}

absl::Status WordsSource::ReadRounds(uint32_t last, const EachRound& each) {
  if (file_.header().spec.mode == Mode::kPure) {
    return absl::FailedPreconditionError(absl::StrCat(name(), " has the words of round ",
                                                      file_.header().round,
                                                      " only: the model is in pure mode"));
  }
  return file_.ReadRounds(last, each);
}

}  // namespace seedfed

#include "cli/model_source/snapshot_source.h"

#include "absl/strings/str_cat.h"
#include "cli/tensor_files/snapshot_reader.h"
#include "common/base/status.h"
#include "common/model/snapshot.h"

namespace seedfed {

absl::StatusOr<std::string> SnapshotSource::Snapshot() {
  SEEDFED_ASSIGN_OR_RETURN(std::string bytes, ReadSnapshotFile(*file_));
  const absl::StatusOr<SnapshotView> view = ReadSnapshot(bytes);
  if (!view.ok()) return file_->Bad(view.status().message());
  return bytes;
}

absl::Status SnapshotSource::ReadRounds(uint32_t /*last*/, const EachRound& /*each*/) {
  return absl::FailedPreconditionError(
      absl::StrCat(name(),
                   " is a snapshot, which does not hold the words of all rounds; a store, a "
                   "back-up or a running server does"));
}

}  // namespace seedfed

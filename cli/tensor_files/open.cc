#include "cli/tensor_files/open.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/tensor_files/npy.h"
#include "cli/tensor_files/npz_reader.h"
#include "cli/tensor_files/safetensors.h"
#include "cli/tensor_files/snapshot_reader.h"
#include "common/base/status.h"
#include "common/model/snapshot.h"

namespace seedfed {
namespace {

constexpr absl::string_view kZipMagic("PK\x03\x04", 4);
constexpr absl::string_view kEmptyZipMagic("PK\x05\x06", 4);
constexpr size_t kShown = 8;  // bytes

// A .safetensors file has no magic: a length, then a JSON object.
bool LooksLikeSafetensors(absl::string_view start) { return start.size() > 8 && start[8] == '{'; }

}  // namespace

absl::StatusOr<std::unique_ptr<TensorReader>> OpenTensors(std::unique_ptr<InputFile> file) {
  std::string start(static_cast<size_t>(std::min<uint64_t>(file->size(), 16)), '\0');
  SEEDFED_RETURN_IF_ERROR(file->ReadAt(0, start));
  if (start.empty()) return file->Bad("the file is empty");
  if (absl::StartsWith(start, kNpyMagic)) return OpenNpy(std::move(file));
  if (absl::StartsWith(start, kZipMagic) || absl::StartsWith(start, kEmptyZipMagic)) {
    return OpenNpz(std::move(file));
  }
  if (absl::StartsWith(start, kSnapshotMagic)) return OpenSnapshot(std::move(file));
  if (LooksLikeSafetensors(start) || absl::EndsWith(file->name(), ".safetensors")) {
    return OpenSafetensors(std::move(file));
  }
  return file->Bad(
      absl::StrCat("neither .npy, .npz, .safetensors, a seed file nor a snapshot: it "
                   "starts with the bytes ",
                   absl::BytesToHexString(start.substr(0, kShown))));
}

}  // namespace seedfed

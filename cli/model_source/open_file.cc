#include "cli/model_source/open_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "cli/model_source/snapshot_source.h"
#include "cli/model_source/words_source.h"
#include "common/base/status.h"
#include "common/model/snapshot.h"

namespace seedfed {
namespace {

constexpr uint64_t kMostKeyBytes = 64;

}  // namespace

absl::StatusOr<std::unique_ptr<ModelSource>> OpenModelSource(
    std::unique_ptr<InputFile>& file, const std::optional<FederationKey>& key) {
  std::string start(std::min<uint64_t>(file->size(), kWordsMagic.size()), '\0');
  SEEDFED_RETURN_IF_ERROR(file->ReadAt(0, start));
  if (start == kSnapshotMagic) return std::make_unique<SnapshotSource>(std::move(file));
  if (start == kWordsMagic) {
    SEEDFED_ASSIGN_OR_RETURN(WordsFile words, WordsFile::Open(std::move(file)));
    return std::make_unique<WordsSource>(std::move(words), key);
  }
  return nullptr;
}

absl::StatusOr<FederationKey> ReadKeyFile(const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<InputFile> file, InputFile::Open(path));
  std::string text(std::min(file->size(), kMostKeyBytes + 1), '\0');
  SEEDFED_RETURN_IF_ERROR(file->ReadAt(0, text));
  const absl::StatusOr<FederationKey> key = FederationKey::Parse(absl::StripAsciiWhitespace(text));
  if (text.size() > kMostKeyBytes || !key.ok()) {
    return file->Bad(
        "not a federation key: expected one line of 32 hexadecimal digits, or a number below 2^64");
  }
  return *key;
}

}  // namespace seedfed

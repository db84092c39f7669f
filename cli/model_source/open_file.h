#ifndef SEEDFED_CLI_MODEL_SOURCE_OPEN_FILE_H_
#define SEEDFED_CLI_MODEL_SOURCE_OPEN_FILE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/model_source/model_source.h"
#include "cli/tensor_files/input_file.h"
#include "common/base/key.h"

namespace seedfed {

// A snapshot or a words file, decided by its first bytes; null when it is neither. `file` is taken
// only when it is one. `key` is for a words file that does not hold its own.
absl::StatusOr<std::unique_ptr<ModelSource>> OpenModelSource(
    std::unique_ptr<InputFile>& file, const std::optional<FederationKey>& key);

// The key in a file's only line, in one of its two text forms (docs/formats.md). InvalidArgument
// names the file and never what is in it.
absl::StatusOr<FederationKey> ReadKeyFile(const std::string& path);

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_OPEN_FILE_H_

#ifndef SEEDFED_CLI_EXPORT_EXPORT_H_
#define SEEDFED_CLI_EXPORT_EXPORT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/model_source/input_normalisation.h"
#include "cli/model_source/model_source.h"
#include "cli/tensor_files/output_file.h"
#include "common/base/hash.h"

namespace seedfed {

enum class ExportFormat { kSafetensors, kNpz, kSnapshot, kWords };

// "safetensors", "npz", "snapshot", "words".
absl::string_view ExportFormatName(ExportFormat format);

// The format of that name, or for an empty name the one of the path's extension: .safetensors,
// .npz, .seedfed (a snapshot) or .words. InvalidArgument when there is none.
absl::StatusOr<ExportFormat> ChooseExportFormat(absl::string_view name, absl::string_view path);

struct ExportOptions {
  std::string to;  // "-": standard output
  ExportFormat format = ExportFormat::kSafetensors;
  IfThere if_there = IfThere::kRefuse;
  std::optional<uint32_t> round;                    // absent: the last complete one
  bool with_key = true;                             // words of a rolling model
  std::optional<InputNormalisation> normalisation;  // instead of the source's
};

// What was written.
struct Exported {
  std::string file;
  ExportFormat format = ExportFormat::kSafetensors;
  uint64_t bytes = 0;
  Digest128 digest{};  // of the file
  uint32_t round = 0;
  Digest256 fingerprint{};
  std::string model;  // "784-256-128-10"
  uint64_t weights = 0;
  bool holds_key = false;
  std::optional<InputNormalisation> normalisation;  // in the file
};

// Writes the source's model to one file, which appears complete or not at all. A words file of a
// rolling model is written only after its words were seen to lead to the model's fingerprint, and
// when it holds the key, only its owner may read it.
absl::StatusOr<Exported> ExportModel(ModelSource& source, const ExportOptions& options);

}  // namespace seedfed

#endif  // SEEDFED_CLI_EXPORT_EXPORT_H_

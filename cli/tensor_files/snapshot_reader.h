#ifndef SEEDFED_CLI_TENSOR_FILES_SNAPSHOT_READER_H_
#define SEEDFED_CLI_TENSOR_FILES_SNAPSHOT_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/tensor_reader.h"

namespace seedfed {

// A model's snapshot (docs/formats.md): the tensors "layer.0.weight" (outputs x inputs) and
// "layer.0.bias" (outputs), and so on, as F32: the integer weights times their unit, rounded once.
// No federation key is needed: in pure mode the words carry their codes. The file is held in
// memory, and one layer's weights with it.
absl::StatusOr<std::unique_ptr<TensorReader>> OpenSnapshot(std::unique_ptr<InputFile> file);

// The same of a snapshot in memory; `name` names it in error sentences.
absl::StatusOr<std::unique_ptr<TensorReader>> OpenSnapshotBytes(std::string name,
                                                                std::string bytes);

// All bytes of a snapshot's file. InvalidArgument when it is longer than any snapshot.
absl::StatusOr<std::string> ReadSnapshotFile(const InputFile& file);

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_SNAPSHOT_READER_H_

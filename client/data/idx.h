#ifndef SEEDFED_CLIENT_DATA_IDX_H_
#define SEEDFED_CLIENT_DATA_IDX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/data/byte_source.h"
#include "client/data/dataset.h"

namespace seedfed {

// The IDX files of MNIST and its relatives (format: http://yann.lecun.com/exdb/mnist/). All numbers
// are big-endian uint32:
//   images  magic 0x00000803, count, rows, columns, then count * rows * columns bytes, row-major
//   labels  magic 0x00000801, count, then count bytes
// All functions fail with InvalidArgument and a sentence that names the file, for bytes missing or
// left over as much as for a wrong header. Memory grows with the bytes that really arrive, never
// with what a header announces.

struct IdxImages {
  uint32_t count = 0;  // at least 1, like rows and columns
  uint32_t rows = 0;
  uint32_t columns = 0;
  std::vector<uint8_t> pixels;  // count * rows * columns
};

// The most pixels accepted of one file.
inline constexpr uint64_t kMaxIdxPixels = uint64_t{1} << 33;

absl::StatusOr<IdxImages> ReadIdxImages(ByteSource& source);
absl::StatusOr<std::vector<uint32_t>> ReadIdxLabels(ByteSource& source);

// Both files may be plain or gzip. NotFound when one does not exist.
absl::StatusOr<Dataset> LoadIdx(const std::string& images_path, const std::string& labels_path);

enum class Split { kTrain, kTest };

// Loads train-images-idx3-ubyte and train-labels-idx1-ubyte (kTrain), or the same with t10k
// (kTest), from a folder. Each may have the suffix .gz; where both exist the plain file is taken.
// NotFound when the folder or a file is not there.
absl::StatusOr<Dataset> LoadIdxFolder(const std::string& folder, Split split);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_IDX_H_

#ifndef SEEDFED_CLIENT_DATA_IDX_H_
#define SEEDFED_CLIENT_DATA_IDX_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>
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

// The bytes that an IDX header announces, read a part at a time. Not thread-safe.
class IdxBody {
 public:
  // `source` stands behind the header and must outlive this. `contents` is what the header
  // announced, for sentences; `bytes` is at least 1.
  IdxBody(ByteSource& source, uint64_t bytes, std::string contents)
      : source_(source), bytes_(bytes), contents_(std::move(contents)) {}

  uint64_t left() const { return bytes_ - done_; }

  // Fills `out`, at most left() bytes. With the last of them it checks that nothing follows.
  absl::Status Read(std::span<uint8_t> out);

 private:
  ByteSource& source_;
  const uint64_t bytes_;
  const std::string contents_;
  uint64_t done_ = 0;
};

struct IdxImagesHeader {
  uint32_t count = 0;  // at least 1, like rows and columns
  uint32_t rows = 0;
  uint32_t columns = 0;

  uint64_t image_bytes() const { return uint64_t{rows} * columns; }
  IdxBody Body(ByteSource& source) const;
};

struct IdxLabelsHeader {
  uint32_t count = 0;  // at least 1

  IdxBody Body(ByteSource& source) const;
};

absl::StatusOr<IdxImagesHeader> ReadIdxImagesHeader(ByteSource& source);
absl::StatusOr<IdxLabelsHeader> ReadIdxLabelsHeader(ByteSource& source);

absl::StatusOr<IdxImages> ReadIdxImages(ByteSource& source);
absl::StatusOr<std::vector<uint32_t>> ReadIdxLabels(ByteSource& source);

// Both files may be plain or gzip. NotFound when one does not exist.
absl::StatusOr<Dataset> LoadIdx(const std::string& images_path, const std::string& labels_path);

enum class Split { kTrain, kTest };

struct IdxPaths {
  std::string images;
  std::string labels;
};

// Finds train-images-idx3-ubyte and train-labels-idx1-ubyte (kTrain), or the same with t10k
// (kTest), in a folder. Each may have the suffix .gz; where both exist the plain file is taken.
// NotFound when the folder or a file is not there.
absl::StatusOr<IdxPaths> FindIdxFiles(const std::string& folder, Split split);

// Loads what FindIdxFiles finds.
absl::StatusOr<Dataset> LoadIdxFolder(const std::string& folder, Split split);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_IDX_H_

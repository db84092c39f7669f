#ifndef SEEDFED_CLI_TENSOR_FILES_INPUT_FILE_H_
#define SEEDFED_CLI_TENSOR_FILES_INPUT_FILE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// A file that can be read at any place. Not thread-safe. Every error is a sentence that names the
// file.
class InputFile {
 public:
  // "-" is standard input; what cannot be read at any place (a pipe) is first copied to a temporary
  // file without a name. NotFound, PermissionDenied or Unavailable.
  static absl::StatusOr<std::unique_ptr<InputFile>> Open(const std::string& path);

  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // The path as given, or "standard input".
  const std::string& name() const { return name_; }

  // Bytes in the file when it was opened.
  uint64_t size() const { return size_; }

  // Fills `out` with the bytes at `offset`. InvalidArgument when the file ends before.
  absl::Status ReadAt(uint64_t offset, std::span<char> out) const;

  // OK when the file has `expected` bytes; else InvalidArgument: truncated, or too long.
  absl::Status CheckSize(uint64_t expected) const;

  int fd() const { return fd_; }

  // "NAME: `sentence`", InvalidArgument.
  absl::Status Bad(absl::string_view sentence) const;

 private:
  InputFile(std::string name, int fd, uint64_t size)
      : name_(std::move(name)), fd_(fd), size_(size) {}

  const std::string name_;
  const int fd_;
  const uint64_t size_;
};

// The next bytes of a sequence.
class ByteReader {
 public:
  virtual ~ByteReader() = default;

  // Fills `out` with the next bytes; an error sentence when there are not that many.
  virtual absl::Status Read(std::span<char> out) = 0;
};

// The bytes of a file from `offset` on. `file` must outlive the object.
class FileByteReader final : public ByteReader {
 public:
  FileByteReader(const InputFile& file, uint64_t offset) : file_(file), offset_(offset) {}

  absl::Status Read(std::span<char> out) override;

 private:
  const InputFile& file_;
  uint64_t offset_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_INPUT_FILE_H_

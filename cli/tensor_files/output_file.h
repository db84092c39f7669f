#ifndef SEEDFED_CLI_TENSOR_FILES_OUTPUT_FILE_H_
#define SEEDFED_CLI_TENSOR_FILES_OUTPUT_FILE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/hash.h"

namespace seedfed {

// What happens to a file that has the output's name already.
enum class IfThere { kReplace, kRefuse };

// A file that appears under its name complete or not at all. Until Commit() the bytes are in a file
// of the same folder that has no name; where the file system has no such files, its name is the
// output's with ".XXXXXX.part" behind, and only a killed process leaves it there. Not thread-safe.
// Every error is a sentence that names the output.
class OutputFile {
 public:
  // "-" is standard output; it gets the bytes at Commit(). An error when the folder cannot be
  // written to, or `path` is a folder; AlreadyExists when there is such a file and that is refused.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path,
                                                            IfThere if_there = IfThere::kReplace);

  // Drops what was not committed.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  absl::Status Write(std::span<const char> bytes);

  // For writers that go back: writes at the place `offset`.
  absl::Status WriteAt(uint64_t offset, std::span<const char> bytes);

  // Bytes written so far, seen from the start of the file to the furthest one.
  uint64_t size() const { return size_; }

  // From now on only the file's owner may read it, also once it has its name.
  absl::Status MakePrivate();

  // BLAKE2b-128 of the bytes written so far; `b2sum -l 128` prints the same.
  absl::StatusOr<Digest128> Digest() const;

  // Gives the file its name. Where a file has it already: as Create was told. Nothing may be
  // written after.
  absl::Status Commit();

  const std::string& name() const { return name_; }

 private:
  OutputFile(std::string path, IfThere if_there, std::string temporary, int fd);

  // Gives all bytes written, in parts.
  absl::Status ReadBack(const std::function<absl::Status(std::span<const char>)>& part) const;

  absl::Status GiveTemporaryName();

  const std::string path_;
  const IfThere if_there_;
  std::string temporary_;  // the name before Commit(); empty: none
  const std::string name_;
  const int fd_;
  uint64_t size_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_TENSOR_FILES_OUTPUT_FILE_H_

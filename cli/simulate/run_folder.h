#ifndef SEEDFED_CLI_SIMULATE_RUN_FOLDER_H_
#define SEEDFED_CLI_SIMULATE_RUN_FOLDER_H_

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// Where a simulation keeps its files.
class RunFolder {
 public:
  // With a `keep` that is not empty: that folder, which must be new or empty. Else a fresh folder
  // `temporary`/seedfed-XXXXXX. InvalidArgument or Internal, naming the folder, when that is not
  // possible.
  static absl::StatusOr<RunFolder> Create(const std::filesystem::path& keep,
                                          const std::filesystem::path& temporary);

  // Removes the folder and everything in it, unless it is one to keep.
  void Discard() const;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path logs() const { return path_ / "logs"; }
  std::filesystem::path Log(absl::string_view process) const;
  std::filesystem::path store() const { return path_ / "store"; }
  std::filesystem::path port_file() const { return path_ / "server.port"; }
  std::filesystem::path http_port_file() const { return path_ / "http.port"; }
  std::filesystem::path model() const { return path_ / "model.seedfed"; }
  std::filesystem::path rounds() const { return path_ / "rounds.jsonl"; }

 private:
  RunFolder(std::filesystem::path path, bool keep) : path_(std::move(path)), keep_(keep) {}

  std::filesystem::path path_;
  bool keep_;
};

// Replaces `path` as a whole: a reader finds the old contents or the new, and the new ones last
// over a power cut.
absl::Status WriteFileAtomically(const std::filesystem::path& path, absl::string_view contents);

// The last `limit` bytes of a file, all of a shorter one; empty when it cannot be read.
std::string ReadTail(const std::filesystem::path& path, size_t limit);

}  // namespace seedfed

#endif  // SEEDFED_CLI_SIMULATE_RUN_FOLDER_H_

#ifndef SEEDFED_CLI_MODEL_SOURCE_WORDS_FILE_H_
#define SEEDFED_CLI_MODEL_SOURCE_WORDS_FILE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/model_source/input_normalisation.h"
#include "cli/tensor_files/input_file.h"
#include "cli/tensor_files/output_file.h"
#include "common/base/hash.h"
#include "common/base/key.h"
#include "common/model/spec.h"

namespace seedfed {

// The words from which a model follows. Format: docs/formats.md, *Words file*.

inline constexpr absl::string_view kWordsMagic = "SEEDWORD";

struct WordsHeader {
  uint32_t round = 0;  // after which the model is; pure mode: also 0
  std::optional<FederationKey> key;
  Digest256 fingerprint{};  // after that round
  std::optional<InputNormalisation> normalisation;
  ModelSpec spec;

  // Rounds whose words follow: rolling mode 1 to `round`, pure mode `round` alone.
  uint32_t first_round() const { return spec.mode == Mode::kPure ? round : 1; }
  uint64_t rounds() const { return spec.mode == Mode::kPure ? 1 : round; }
};

// The words of one round. They are valid only during the call.
using EachRound = std::function<absl::Status(uint32_t round, absl::string_view words)>;

// Writes a words file without committing it. Not thread-safe.
class WordsWriter {
 public:
  // `out` is empty and must outlive the object.
  explicit WordsWriter(OutputFile& out) : out_(out) {}

  absl::Status Begin(const WordsHeader& header);

  // In order, the words of each round of the header.
  absl::Status Add(absl::string_view words) { return Write(words); }

  // The checksum. Internal when there were fewer or more words than the header says.
  absl::Status End();

 private:
  absl::Status Write(absl::string_view bytes);

  OutputFile& out_;
  Blake2b128Hasher hasher_;
  uint64_t expected_bytes_ = 0;
};

// A words file that is whole: magic, version, ranges, length and checksum are right. The words
// themselves are not checked. Not thread-safe.
class WordsFile {
 public:
  // InvalidArgument, naming the file, when it is no words file, damaged or truncated.
  static absl::StatusOr<WordsFile> Open(std::unique_ptr<InputFile> file);

  const WordsHeader& header() const { return header_; }
  const std::string& name() const { return file_->name(); }

  // Gives the words of the file's rounds up to `last`, in order. An error of `each` ends it.
  absl::Status ReadRounds(uint32_t last, const EachRound& each) const;

 private:
  WordsFile(std::unique_ptr<InputFile> file, WordsHeader header, uint64_t start)
      : file_(std::move(file)), header_(std::move(header)), start_(start) {}

  std::unique_ptr<InputFile> file_;
  WordsHeader header_;
  uint64_t start_;  // of the words
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_WORDS_FILE_H_

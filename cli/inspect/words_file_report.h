#ifndef SEEDFED_CLI_INSPECT_WORDS_FILE_REPORT_H_
#define SEEDFED_CLI_INSPECT_WORDS_FILE_REPORT_H_

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/model_source/words_file.h"
#include "cli/tensor_files/input_file.h"

namespace seedfed {

struct WordsFileSummary {
  std::string name;
  uint64_t bytes = 0;
  WordsHeader header;
  // Of the words, the first that are not valid; absent: without the key nobody can say.
  std::optional<absl::Status> valid;
};

// Reads a words file in bounded memory, and checks its words where it holds the key.
// InvalidArgument names the file when it is none, truncated or damaged.
absl::StatusOr<WordsFileSummary> SummariseWordsFile(std::unique_ptr<InputFile> file);

// The federation's key is shown only with `show_key`.
std::string WordsFileText(const WordsFileSummary& summary, bool show_key);

// kind "words_file", file, bytes, round, rounds, fingerprint, valid and reason (with the key only),
// has_key, key (with show_key only), input_mean, input_stddev (if it has them), model
nlohmann::ordered_json WordsFileJson(const WordsFileSummary& summary, bool show_key);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_WORDS_FILE_REPORT_H_

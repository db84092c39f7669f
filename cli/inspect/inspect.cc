#include "cli/inspect/inspect.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/compress/seed_file.h"
#include "cli/inspect/seed_file_report.h"
#include "cli/inspect/snapshot_report.h"
#include "cli/inspect/store_report.h"
#include "cli/inspect/update_report.h"
#include "cli/inspect/word_report.h"
#include "cli/inspect/word_view.h"
#include "cli/inspect/words_file_report.h"
#include "cli/tensor_files/input_file.h"
#include "common/base/status.h"
#include "common/model/snapshot.h"
#include "common/model/spec.h"

namespace seedfed {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

// Source: SQLite, "Database file format", section 1.3.
constexpr absl::string_view kSqliteMagic("SQLite format 3\0", 16);
constexpr size_t kHeadBytes = 16;

// More than a snapshot or an update of the largest model has, and than anybody's list of words.
constexpr size_t kMostBytes = (size_t{4} << 30) + (size_t{1} << 20);
constexpr size_t kMostTextBytes = size_t{64} << 20;

// Reads on until `bytes` has `most` bytes or the input ends.
void ReadUpTo(std::istream& in, size_t most, std::string& bytes) {
  constexpr size_t kPart = size_t{1} << 20;
  while (in && bytes.size() < most) {
    const size_t before = bytes.size();
    bytes.resize(std::min(most, before + kPart));
    in.read(bytes.data() + before, static_cast<std::streamsize>(bytes.size() - before));
    bytes.resize(before + static_cast<size_t>(in.gcount()));
  }
}

absl::Status ReadRest(std::istream& in, const std::string& name, size_t most, std::string& bytes) {
  ReadUpTo(in, most + 1, bytes);
  if (in.bad()) return absl::InvalidArgumentError(absl::StrCat("reading ", name, " failed"));
  if (bytes.size() <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      name, " has more than ", most,
      " bytes, and is neither a snapshot, a words file, a seed file nor a store; for an update's "
      "bytes give --model"));
}

std::string Dump(const ordered_json& document) {
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

absl::Status Named(const std::string& name, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(name, ": ", status.message()));
}

absl::StatusOr<std::optional<Codec>> CodecOption(const std::string& text) {
  if (text.empty()) return std::optional<Codec>();
  SEEDFED_ASSIGN_OR_RETURN(const Codec codec, ParseCodec(text));
  return std::optional<Codec>(codec);
}

absl::StatusOr<Inspection> InspectWords(const InspectOptions& options,
                                        const std::vector<TextWord>& words) {
  SEEDFED_ASSIGN_OR_RETURN(const std::optional<Codec> codec, CodecOption(options.codec));
  if (codec == Codec::kDense) {
    return absl::InvalidArgumentError("--codec dense has no words; expected ensemble or single");
  }
  Inspection result;
  ordered_json list = ordered_json::array();
  for (const TextWord& word : words) {
    result.valid = result.valid && WordIsValid(word, codec);
    if (options.json) {
      list.push_back(WordJson(word, codec));
    } else {
      absl::StrAppend(&result.text, result.text.empty() ? "" : "\n", WordText(word, codec));
    }
  }
  if (options.json) result.text = Dump({{"kind", "words"}, {"words", std::move(list)}});
  return result;
}

absl::StatusOr<std::vector<LayerSpec>> Layers(const InspectOptions& options) {
  std::vector<uint32_t> tiles;
  for (const absl::string_view part : absl::StrSplit(options.tile, ',')) {
    uint32_t tile = 0;
    if (!absl::SimpleAtoi(part, &tile)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--tile ", options.tile, ": '", part, "' is not a number"));
    }
    tiles.push_back(tile);
  }
  return MlpLayers(options.model, tiles);
}

absl::StatusOr<Inspection> InspectUpdate(const InspectOptions& options, const std::string& name,
                                         const std::string& bytes) {
  SEEDFED_ASSIGN_OR_RETURN(const std::optional<Codec> codec, CodecOption(options.codec));
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<LayerSpec> layers, Layers(options));
  const absl::StatusOr<ModelSpec> spec = SpecOfUpdate(layers, codec, bytes.size());
  if (!spec.ok()) return Named(name, spec.status());
  if (options.word.has_value()) {
    SEEDFED_ASSIGN_OR_RETURN(const std::string digits, DigitsOfWord(*spec, bytes, *options.word));
    InspectOptions one = options;
    one.codec = std::string(CodecName(spec->codec));
    return InspectWords(one, {ParseWordText(digits)});
  }
  const UpdateSummary summary = SummariseUpdate(*spec, bytes);
  return Inspection{options.json ? Dump(UpdateJson(name, summary)) : UpdateText(name, summary),
                    summary.valid.ok()};
}

absl::StatusOr<Inspection> InspectSnapshot(const InspectOptions& options, const std::string& name,
                                           const std::string& bytes) {
  const absl::StatusOr<SnapshotSummary> summary = SummariseSnapshot(bytes);
  if (!summary.ok()) return Named(name, summary.status());
  return Inspection{options.json ? Dump(SnapshotJson(name, *summary))
                                 : SnapshotText(name, *summary)};
}

absl::StatusOr<Inspection> InspectStore(const InspectOptions& options, const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(const StoreSummary summary, SummariseStore(path, options.rounds));
  return Inspection{options.json ? Dump(StoreJson(summary, options.show_key))
                                 : StoreText(summary, options.show_key)};
}

absl::StatusOr<Inspection> InspectSeedFile(const InspectOptions& options, const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<InputFile> file, InputFile::Open(path));
  SEEDFED_ASSIGN_OR_RETURN(const SeedFileSummary summary, SummariseSeedFile(*file));
  return Inspection{options.json ? Dump(SeedFileJson(summary, options.show_key))
                                 : SeedFileText(summary, options.show_key),
                    summary.valid.ok()};
}

absl::StatusOr<Inspection> InspectWordsFile(const InspectOptions& options,
                                            const std::string& path) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, InputFile::Open(path));
  SEEDFED_ASSIGN_OR_RETURN(const WordsFileSummary summary, SummariseWordsFile(std::move(file)));
  return Inspection{options.json ? Dump(WordsFileJson(summary, options.show_key))
                                 : WordsFileText(summary, options.show_key),
                    summary.valid.value_or(absl::OkStatus()).ok()};
}

// `path` is empty for standard input.
absl::StatusOr<Inspection> InspectStream(const InspectOptions& options, const std::string& path,
                                         const std::string& name, std::istream& in) {
  std::string bytes;
  ReadUpTo(in, kHeadBytes, bytes);
  if (!options.model.empty()) {
    SEEDFED_RETURN_IF_ERROR(ReadRest(in, name, kMostBytes, bytes));
    return InspectUpdate(options, name, bytes);
  }
  if (options.word.has_value()) {
    return absl::InvalidArgumentError(
        "--word shows a word of an update's bytes, whose --model must be given");
  }
  if (absl::StartsWith(bytes, kSnapshotMagic)) {
    SEEDFED_RETURN_IF_ERROR(ReadRest(in, name, kMostBytes, bytes));
    return InspectSnapshot(options, name, bytes);
  }
  if (absl::StartsWith(bytes, kSeedFileMagic)) {
    if (path.empty()) {
      return absl::InvalidArgumentError(
          "a seed file cannot be read from standard input; give its name");
    }
    return InspectSeedFile(options, path);
  }
  if (absl::StartsWith(bytes, kWordsMagic)) {
    if (path.empty()) {
      return absl::InvalidArgumentError(
          "a words file cannot be read from standard input; give its name");
    }
    return InspectWordsFile(options, path);
  }
  if (bytes == kSqliteMagic) {
    if (path.empty()) {
      return absl::InvalidArgumentError(
          "a store cannot be read from standard input; give its folder");
    }
    return InspectStore(options, path);
  }
  SEEDFED_RETURN_IF_ERROR(ReadRest(in, name, kMostTextBytes, bytes));
  if (bytes.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        name,
        " is neither a snapshot, a words file, a seed file, a store, nor words as text; for an "
        "update's bytes give --model"));
  }
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<TextWord> words, ParseWordList(bytes, name));
  return InspectWords(options, words);
}

}  // namespace

absl::StatusOr<Inspection> Inspect(const InspectOptions& options, std::istream& standard_input) {
  const std::string& input = options.input;
  if (input == "-") return InspectStream(options, "", "standard input", standard_input);
  if (options.model.empty() && IsWordText(input))
    return InspectWords(options, {ParseWordText(input)});
  std::error_code error;
  const fs::file_status status = fs::status(input, error);
  if (status.type() == fs::file_type::not_found) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", input, "' is neither a word (16 or 32 hexadecimal digits) nor a file or a folder"));
  }
  if (fs::is_directory(status)) {
    const std::string database = (fs::path(input) / "seedfed.db").string();
    if (!fs::exists(database, error)) {
      return absl::InvalidArgumentError(
          absl::StrCat(input, " is a folder without seedfed.db; expected a server's store"));
    }
    return InspectStore(options, database);
  }
  std::ifstream file(input, std::ios::binary);
  if (!file)
    return absl::InvalidArgumentError(
        absl::StrCat("cannot open ", input, ": ", std::strerror(errno)));
  return InspectStream(options, input, input, file);
}

}  // namespace seedfed

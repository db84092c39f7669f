#include "cli/inspect/seed_file_report.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/layout/quantity.h"
#include "cli/layout/text_table.h"
#include "common/base/bytes.h"
#include "common/base/hash.h"
#include "common/base/status.h"
#include "common/codec/ensemble_word.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;
using Align = TextTable::Align;

// Words read at a time.
constexpr uint64_t kBlockWords = 4096;
// Characters of a tensor's name in the table.
constexpr size_t kShownName = 40;

// Keeps the first reason.
void Refuse(const SeedTensor& tensor, absl::string_view sentence, absl::Status& first) {
  if (!first.ok()) return;
  first =
      absl::InvalidArgumentError(absl::StrCat("tensor ", Quoted(tensor.info.name), ": ", sentence));
}

absl::StatusOr<TensorSummary> SummariseTensor(const InputFile& file, const SeedFileHeader& header,
                                              const SeedTensor& tensor, uint64_t start,
                                              absl::Status& first) {
  TensorSummary summary;
  if (tensor.tile == 0) return summary;
  std::string bytes(sizeof(double), '\0');
  SEEDFED_RETURN_IF_ERROR(file.ReadAt(start, bytes));
  summary.scale = std::bit_cast<double>(LoadLittleEndian<uint64_t>(bytes.data()));
  if (!(summary.scale >= 0) || !std::isfinite(summary.scale)) {
    Refuse(tensor,
           absl::StrCat("the scale is ", summary.scale, "; expected a finite number of at least 0"),
           first);
  }
  const uint64_t per_word = header.codec == Codec::kEnsemble ? kSubSeeds : 1;
  const uint64_t words = header.word_bytes(tensor) / kWordBytes;
  uint64_t tiles_left = tensor.tiles();
  for (uint64_t done = 0; done < words;) {
    const uint64_t block = std::min(kBlockWords, words - done);
    bytes.resize(block * kWordBytes);
    SEEDFED_RETURN_IF_ERROR(file.ReadAt(start + sizeof(double) + done * kWordBytes, bytes));
    for (uint64_t w = 0; w < block; ++w) {
      const uint64_t seeds = std::min(per_word, tiles_left);
      tiles_left -= seeds;
      const Word word = LoadWord(bytes.data() + w * kWordBytes);
      const absl::Status valid = CountWord(header.codec, word, seeds, summary.words);
      if (!valid.ok()) {
        Refuse(tensor, absl::StrCat("word ", done + w, ": ", valid.message()), first);
      }
    }
    done += block;
  }
  return summary;
}

std::string CodesText(const SeedFileHeader& header) {
  if (header.codes == 1) return "1 (codes follow from the key)";
  return absl::StrCat(WithSeparators(header.codes), " to choose from, ", header.code_bits(),
                      " bits a tile beside its word");
}

std::string TensorTable(const SeedFileSummary& summary) {
  TextTable table({Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight,
                   Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  table.Row({"tensor", "dtype", "shape", "tile", "words", "bytes", "smaller", "scale", "zero seeds",
             "mean r"});
  for (size_t i = 0; i < summary.tensors.size(); ++i) {
    const SeedTensor& tensor = summary.header.tensors[i];
    const TensorSummary& found = summary.tensors[i];
    const uint64_t bytes = summary.header.tensor_bytes(tensor);
    std::string name = Quoted(tensor.info.name);
    if (name.size() > kShownName) name = absl::StrCat(name.substr(0, kShownName - 3), "...");
    std::vector<std::string> cells = {std::move(name), std::string(DTypeName(tensor.info.dtype)),
                                      ShapeText(tensor.info.shape)};
    if (tensor.tile == 0) {
      cells.insert(cells.end(), {"-", "-", WithSeparators(bytes), "1:1", "-", "-", "-"});
    } else {
      cells.insert(
          cells.end(),
          {absl::StrCat(tensor.tile), WithSeparators(found.words.words), WithSeparators(bytes),
           RoundRatio(static_cast<double>(tensor.info.bytes()), static_cast<double>(bytes)),
           absl::StrFormat("%.4g", found.scale), WithSeparators(found.words.zero_seeds),
           absl::StrFormat("%.4g", found.words.r.mean())});
    }
    table.Row(std::move(cells));
  }
  return table.Text();
}

}  // namespace

absl::StatusOr<SeedFileSummary> SummariseSeedFile(const InputFile& file) {
  SEEDFED_ASSIGN_OR_RETURN(LoadedSeedFileHeader loaded, ReadSeedFileHeader(file));
  SEEDFED_RETURN_IF_ERROR(CheckSeedFileChecksum(file));
  SeedFileSummary summary;
  summary.name = file.name();
  summary.bytes = file.size();
  summary.header = std::move(loaded.header);
  for (size_t i = 0; i < summary.header.tensors.size(); ++i) {
    SEEDFED_ASSIGN_OR_RETURN(TensorSummary tensor,
                             SummariseTensor(file, summary.header, summary.header.tensors[i],
                                             loaded.starts[i], summary.valid));
    summary.tensors.push_back(std::move(tensor));
  }
  return summary;
}

std::string SeedFileText(const SeedFileSummary& summary, bool show_key) {
  const SeedFileHeader& header = summary.header;
  uint64_t values = 0;
  for (const SeedTensor& tensor : header.tensors) values += tensor.info.bytes();
  TextTable head({Align::kLeft, Align::kLeft});
  head.Row({"Seed file", summary.name});
  head.Row({"Version", absl::StrCat(kSeedFileVersion)});
  head.Row({"Size", absl::StrCat(WithSeparators(summary.bytes), " bytes for ",
                                 WithSeparators(values), " bytes of values: ",
                                 RoundRatio(static_cast<double>(values),
                                            static_cast<double>(summary.bytes)))});
  head.Row({"Words", absl::StrCat(std::string(CodecName(header.codec)), ", ", header.phase_bits,
                                  " phase bits")});
  head.Row({"Codes", header.codec == Codec::kSingle ? "in the words" : CodesText(header)});
  head.Row({"Key", show_key ? ToHex(header.key.bytes()) : "not shown (--show-key)"});
  head.Row({"Checksum", "matches"});
  head.Row({"Valid", summary.valid.ok() ? "yes" : absl::StrCat("no: ", summary.valid.message())});
  for (const auto& [key, value] : header.metadata) {
    head.Row({"Metadata", absl::StrCat(Quoted(key), ": ", Quoted(value))});
  }
  return absl::StrCat(head.Text(), "\n", TensorTable(summary));
}

ordered_json SeedFileJson(const SeedFileSummary& summary, bool show_key) {
  const SeedFileHeader& header = summary.header;
  ordered_json document = {
      {"kind", "seeds"},
      {"file", summary.name},
      {"bytes", summary.bytes},
      {"valid", summary.valid.ok()},
      {"reason",
       summary.valid.ok() ? ordered_json() : ordered_json(std::string(summary.valid.message()))},
      {"version", kSeedFileVersion},
      {"codec", std::string(CodecName(header.codec))},
      {"phase_bits", header.phase_bits},
      {"codes", header.codes}};
  if (show_key) document["key"] = ToHex(header.key.bytes());
  document["metadata"] = ordered_json::object();
  for (const auto& [key, value] : header.metadata) document["metadata"][key] = value;
  document["tensors"] = ordered_json::array();
  for (size_t i = 0; i < summary.tensors.size(); ++i) {
    const SeedTensor& tensor = header.tensors[i];
    const TensorSummary& found = summary.tensors[i];
    ordered_json one = {{"name", tensor.info.name},
                        {"dtype", std::string(DTypeName(tensor.info.dtype))},
                        {"shape", tensor.info.shape},
                        {"tile", tensor.tile},
                        {"bytes", header.tensor_bytes(tensor)}};
    if (tensor.tile != 0) {
      one["tiles"] = tensor.tiles();
      one["scale"] = std::isfinite(found.scale) ? ordered_json(found.scale) : ordered_json();
      one["words"] = found.words.words;
      one["invalid"] = found.words.invalid;
      one["zero_seeds"] = found.words.zero_seeds;
      one["r"] = StatisticsJson(found.words.r);
      if (header.codec == Codec::kEnsemble) one["exponent"] = StatisticsJson(found.words.exponent);
    }
    document["tensors"].push_back(std::move(one));
  }
  return document;
}

}  // namespace seedfed

#include "cli/inspect/words_file_report.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/inspect/snapshot_report.h"
#include "cli/layout/text_table.h"
#include "common/base/status.h"
#include "common/model/update_codec.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using Align = TextTable::Align;

std::string KeyText(const std::optional<FederationKey>& key, bool show_key) {
  if (!key.has_value()) return "not in the file";
  return show_key ? ToHex(key->bytes()) : "in the file, not shown (--show-key)";
}

std::string ValidText(const std::optional<absl::Status>& valid) {
  if (!valid.has_value()) return "cannot be said without the key";
  return valid->ok() ? "yes" : absl::StrCat("no: ", valid->message());
}

}  // namespace

absl::StatusOr<WordsFileSummary> SummariseWordsFile(std::unique_ptr<InputFile> file) {
  WordsFileSummary summary;
  summary.bytes = file->size();
  SEEDFED_ASSIGN_OR_RETURN(const WordsFile words, WordsFile::Open(std::move(file)));
  summary.name = words.name();
  summary.header = words.header();
  if (!summary.header.key.has_value()) return summary;
  const UpdateCodec codec(summary.header.spec, *summary.header.key);
  summary.valid = words.ReadRounds(
      summary.header.round, [&codec](uint32_t round, absl::string_view bytes) -> absl::Status {
        const absl::Status valid = codec.Decode(bytes, round).status();
        if (valid.ok()) return valid;
        return absl::InvalidArgumentError(absl::StrCat("round ", round, ": ", valid.message()));
      });
  return summary;
}

std::string WordsFileText(const WordsFileSummary& summary, bool show_key) {
  const WordsHeader& header = summary.header;
  TextTable head({Align::kLeft, Align::kLeft});
  head.Row({"Words file", summary.name});
  head.Row({"Bytes", WithSeparators(summary.bytes)});
  head.Row({"Round", absl::StrCat(header.round)});
  head.Row(
      {"Words of", absl::StrCat(header.rounds(), header.rounds() == 1 ? " round" : " rounds", ", ",
                                WithSeparators(header.spec.update_bytes()), " bytes each")});
  head.Row({"Model", ModelText(header.spec)});
  head.Row({"Fingerprint", ToHex(header.fingerprint)});
  if (header.normalisation.has_value()) {
    head.Row({"Inputs", absl::StrCat("(x - ", header.normalisation->mean, ") / ",
                                     header.normalisation->stddev)});
  }
  head.Row({"Key", KeyText(header.key, show_key)});
  head.Row({"Checksum", "matches"});
  head.Row({"Valid", ValidText(summary.valid)});
  return head.Text();
}

nlohmann::ordered_json WordsFileJson(const WordsFileSummary& summary, bool show_key) {
  const WordsHeader& header = summary.header;
  nlohmann::ordered_json document = {
      {"kind", "words_file"},      {"file", summary.name},
      {"bytes", summary.bytes},    {"round", header.round},
      {"rounds", header.rounds()}, {"fingerprint", ToHex(header.fingerprint)}};
  if (summary.valid.has_value()) {
    document["valid"] = summary.valid->ok();
    if (!summary.valid->ok()) document["reason"] = std::string(summary.valid->message());
  }
  document["has_key"] = header.key.has_value();
  if (header.key.has_value() && show_key) document["key"] = ToHex(header.key->bytes());
  if (header.normalisation.has_value()) {
    document["input_mean"] = header.normalisation->mean;
    document["input_stddev"] = header.normalisation->stddev;
  }
  document["model"] = ModelJson(header.spec);
  return document;
}

}  // namespace seedfed

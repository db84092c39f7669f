#include "cli/export/export_report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "cli/layout/text_table.h"
#include "common/terminal/text.h"

namespace seedfed {

using nlohmann::ordered_json;

std::string ExportText(const Exported& exported) {
  using Align = TextTable::Align;
  TextTable table({Align::kLeft, Align::kLeft});
  table.Row({"File", absl::StrCat(exported.file == "-" ? "standard output" : exported.file, ", ",
                                  ExportFormatName(exported.format), ", ",
                                  WithSeparators(exported.bytes), " bytes")});
  table.Row({"Model", absl::StrCat(exported.model, ", ", WithSeparators(exported.weights),
                                   " weights, after round ", exported.round)});
  table.Row({"Fingerprint", ToHex(exported.fingerprint)});
  table.Row({"BLAKE2b-128", absl::StrCat(ToHex(exported.digest), " (of the file: b2sum -l 128)")});
  if (exported.format != ExportFormat::kSnapshot) {
    table.Row({"Inputs", exported.normalisation
                             ? absl::StrCat("(x - ", exported.normalisation->mean, ") / ",
                                            exported.normalisation->stddev)
                             : "the source does not say how they are normalised"});
  }
  if (exported.holds_key) {
    table.Row({"Key", "the file holds the federation key; keep it as you keep the store"});
  }
  return table.Text();
}

std::string ExportJson(const Exported& exported) {
  ordered_json document = {{"file", exported.file},
                           {"format", std::string(ExportFormatName(exported.format))},
                           {"bytes", exported.bytes},
                           {"blake2b_128", ToHex(exported.digest)},
                           {"model", exported.model},
                           {"round", exported.round},
                           {"fingerprint", ToHex(exported.fingerprint)},
                           {"holds_key", exported.holds_key},
                           {"input_mean", nullptr},
                           {"input_stddev", nullptr}};
  if (exported.normalisation) {
    document["input_mean"] = exported.normalisation->mean;
    document["input_stddev"] = exported.normalisation->stddev;
  }
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace seedfed

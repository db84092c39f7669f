#include "cli/simulate/round_feed.h"

#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

using nlohmann::json;

absl::Status BadField(absl::string_view line, absl::string_view field) {
  return absl::DataLossError(
      absl::StrCat("the evaluator's line '", line.substr(0, 200), "' has no usable '", field, "'"));
}

template <typename T>
bool ReadUnsigned(const json& object, const char* field, T& value) {
  const auto found = object.find(field);
  if (found == object.end() || !found->is_number_unsigned()) return false;
  const uint64_t number = found->get<uint64_t>();
  if (number > std::numeric_limits<T>::max()) return false;
  value = static_cast<T>(number);
  return true;
}

bool ReadDouble(const json& object, const char* field, double& value) {
  const auto found = object.find(field);
  if (found == object.end()) return false;
  // JSON has no NaN and no infinity: writers put null.
  if (found->is_null()) {
    value = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  if (!found->is_number()) return false;
  value = found->get<double>();
  return true;
}

bool ReadText(const json& object, const char* field, std::string& value) {
  const auto found = object.find(field);
  if (found == object.end() || !found->is_string()) return false;
  value = found->get<std::string>();
  return true;
}

}  // namespace

absl::StatusOr<EvaluatedRound> ParseRoundLine(absl::string_view line) {
  const json object = json::parse(line.begin(), line.end(), nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) {
    return absl::DataLossError(
        absl::StrCat("the evaluator's line '", line.substr(0, 200), "' is not a JSON object"));
  }
  EvaluatedRound record;
  if (!ReadUnsigned(object, "round", record.round)) return BadField(line, "round");
  if (!ReadDouble(object, "accuracy", record.accuracy)) return BadField(line, "accuracy");
  if (!ReadDouble(object, "loss", record.loss)) return BadField(line, "loss");
  if (!ReadUnsigned(object, "bytes_up", record.bytes_up)) return BadField(line, "bytes_up");
  if (!ReadUnsigned(object, "bytes_down", record.bytes_down)) return BadField(line, "bytes_down");
  if (!ReadDouble(object, "seconds", record.seconds)) return BadField(line, "seconds");
  if (!ReadText(object, "fingerprint", record.fingerprint)) return BadField(line, "fingerprint");
  if (!ReadText(object, "base_checksum", record.base_checksum))
    return BadField(line, "base_checksum");
  return record;
}

absl::StatusOr<std::vector<EvaluatedRound>> RoundFeed::Poll() {
  std::vector<EvaluatedRound> records;
  std::ifstream file(path_, std::ios::binary);
  if (!file) return records;
  file.seekg(static_cast<std::streamoff>(offset_));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const size_t end = text.rfind('\n');
  if (end == std::string::npos) return records;
  offset_ += end + 1;
  for (absl::string_view line : absl::StrSplit(absl::string_view(text).substr(0, end), '\n')) {
    if (line.empty()) continue;
    SEEDFED_ASSIGN_OR_RETURN(EvaluatedRound record, ParseRoundLine(line));
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace seedfed

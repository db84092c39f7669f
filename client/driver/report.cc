#include "client/driver/report.h"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "common/base/hash.h"

namespace seedfed {

using Json = nlohmann::ordered_json;

std::string EvaluationLine(const action::Evaluate& round, const Evaluation& evaluation) {
  Json line;
  line["round"] = round.round;
  line["accuracy"] = evaluation.accuracy;
  line["loss"] = evaluation.loss;
  const bool known = round.summary && round.summary->updates > 0;
  line["bytes_up"] = known ? Json(round.summary->bytes_up / round.summary->updates) : Json(nullptr);
  line["bytes_down"] = round.bytes_down ? Json(*round.bytes_down) : Json(nullptr);
  line["seconds"] =
      round.summary ? Json(absl::ToDoubleSeconds(round.summary->duration)) : Json(nullptr);
  line["fingerprint"] = ToHex(round.fingerprint);
  line["base_checksum"] = ToHex(round.base_checksum);
  return line.dump();
}

std::string TrainingLine(const RoundUpdate& update, SubmitOutcome outcome,
                         absl::Duration training) {
  Json line;
  line["round"] = update.round;
  line["outcome"] = outcome == SubmitOutcome::kAccepted ? "accepted" : "late";
  line["loss"] = update.loss;
  line["examples"] = update.examples;
  line["bytes"] = update.words.size();
  line["seconds"] = absl::ToDoubleSeconds(training);
  return line.dump();
}

absl::StatusOr<LineFile> LineFile::Open(const std::string& path) {
  if (path == "-") return LineFile("standard output", stdout, false);
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (file == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  return LineFile(path, file, true);
}

absl::Status LineFile::Write(const std::string& line) {
  if (std::fputs(absl::StrCat(line, "\n").c_str(), file_.get()) < 0 ||
      std::fflush(file_.get()) != 0) {
    return absl::InternalError(absl::StrCat("cannot write ", path_, ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

}  // namespace seedfed

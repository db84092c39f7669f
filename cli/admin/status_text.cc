#include "cli/admin/status_text.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "cli/admin/problems.h"
#include "cli/layout/field_list.h"
#include "cli/layout/quantity.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

std::string Count(double number, const char* one, const char* many) {
  return absl::StrCat(WithSeparators(static_cast<uint64_t>(number)), " ", number == 1 ? one : many);
}

std::string OpenRoundText(const v1::Status& status) {
  const v1::OpenRound& open = status.open_round();
  std::string text = absl::StrCat("round ", open.round());
  if (status.rounds() > 0) absl::StrAppend(&text, " of ", status.rounds());
  absl::StrAppend(&text, ", ", open.updates(), " of ", open.goal(), " updates");
  if (open.quorum() < open.goal()) {
    absl::StrAppend(&text, " (", open.quorum(), " at the deadline)");
  }
  absl::StrAppend(&text, ", open for ", DurationText(absl::Seconds(open.age())));
  if (open.has_seconds_left()) {
    absl::StrAppend(&text, ", ", DurationText(absl::Seconds(open.seconds_left())), " left");
  }
  return text;
}

std::string StateText(const v1::Status& status) {
  const std::string after =
      status.round() == 0 ? "before the first round" : absl::StrCat("after round ", status.round());
  if (status.state() == "finished") return absl::StrCat("finished ", after);
  if (status.state() == "held") {
    return absl::StrCat("held ", after, ": ", OpenRoundText(status));
  }
  if (status.state() == "waiting") {
    return absl::StrCat("waiting for trainers: ", OpenRoundText(status));
  }
  if (status.state() == "publishing") {
    return absl::StrCat("storing round ", status.open_round().round());
  }
  return absl::StrCat(status.state(), ": ", OpenRoundText(status));
}

std::string AccuracyText(const v1::Status& status) {
  if (!status.has_latest()) {
    return status.clients().evaluators() == 0 ? "not measured: no evaluator has joined"
                                              : "not measured yet";
  }
  const v1::Evaluated& latest = status.latest();
  std::string text =
      absl::StrFormat("%.4f after round %d (loss %.4f, %s)", latest.accuracy(), latest.round(),
                      latest.loss(), Count(latest.examples(), "example", "examples"));
  if (status.has_best() && status.best().round() != latest.round()) {
    absl::StrAppendFormat(&text, "; best %.4f after round %d", status.best().accuracy(),
                          status.best().round());
  }
  return text;
}

std::string PaceText(const v1::Status& status) {
  const double pace = status.rounds_per_second();
  if (!(pace > 0)) return "no round in the last ten seconds";
  std::string text = pace >= 1 ? absl::StrFormat("%.1f rounds/s", pace)
                               : absl::StrCat(DurationText(absl::Seconds(1 / pace)), " a round");
  if (status.rounds() > status.round() && status.state() != "finished") {
    const double left = (status.rounds() - status.round()) / pace;
    absl::StrAppend(&text, ", about ", DurationText(absl::Seconds(left)), " to go");
  }
  return text;
}

std::string MembersText(const v1::ClientCounts& clients) {
  return absl::StrCat(Count(clients.trainers(), "trainer", "trainers"), " (",
                      WithSeparators(clients.live()), " live, ", WithSeparators(clients.needed()),
                      " needed), ", Count(clients.evaluators(), "evaluator", "evaluators"), " (",
                      WithSeparators(clients.live_evaluators()), " live)");
}

std::string ModelText(const v1::ModelSummary& model) {
  std::vector<uint32_t> sizes;
  std::set<uint32_t> tiles;
  for (const v1::LayerSummary& layer : model.layers()) {
    if (sizes.empty()) sizes.push_back(layer.inputs());
    sizes.push_back(layer.outputs());
    tiles.insert(layer.tile());
  }
  return absl::StrCat(absl::StrJoin(sizes, "-"), ", ",
                      Count(model.parameters(), "parameter", "parameters"), ", ", model.codec(),
                      " words, tiles of ", absl::StrJoin(tiles, " and "), ", ", model.mode());
}

std::string RatioText(double fp32, double bytes) {
  return bytes > 0 && fp32 > 0 ? absl::StrCat(", ", RoundRatio(fp32, bytes)) : "";
}

std::string UpdateBytesText(const v1::ModelSummary& model) {
  return absl::StrCat(WithSeparators(static_cast<uint64_t>(model.update_bytes())),
                      " B an update; as fp32 weights ",
                      WithSeparators(static_cast<uint64_t>(model.fp32_bytes())), " B",
                      RatioText(model.fp32_bytes(), model.update_bytes()));
}

std::string TrafficText(const v1::Traffic& traffic) {
  return absl::StrCat(RoundBytes(traffic.bytes_up()), " up, ", RoundBytes(traffic.bytes_down()),
                      " down; FedAvg with fp32 weights ", RoundBytes(traffic.fp32_bytes_up()),
                      " up, ", RoundBytes(traffic.fp32_bytes_down()), " down",
                      RatioText(traffic.fp32_bytes_up() + traffic.fp32_bytes_down(),
                                traffic.bytes_up() + traffic.bytes_down()));
}

double RefusedUpdates(const v1::Status& status) {
  double sum = 0;
  for (const v1::Refused& refused : status.refused()) sum += refused.updates();
  return sum;
}

}  // namespace

std::string StatusText(const v1::Status& status, const std::string& server, size_t width) {
  FieldList list;
  list.Add("Federation", status.federation_id());
  list.Add(
      "Server",
      absl::StrCat(server, ", version ", status.version(), ", up for ",
                   DurationText(absl::Seconds(std::max(0.0, status.time() - status.started())))));
  list.Add("State", StateText(status));
  if (status.state() != "finished") list.Add("Pace", PaceText(status));
  list.Add("Accuracy", AccuracyText(status));
  if (status.has_training_loss()) {
    list.Add("Training loss",
             absl::StrFormat("%.4f nats in round %d", status.training_loss(), status.round()));
  }
  list.Add("Members", MembersText(status.clients()));
  list.Add("Model", ModelText(status.model()));
  list.Add("Cost", UpdateBytesText(status.model()));
  list.Add("Since start", TrafficText(status.traffic()));
  list.Add("", absl::StrCat(
                   Count(status.traffic().updates(), "update", "updates"), " counted, ",
                   WithSeparators(static_cast<uint64_t>(status.traffic().late())), " too late, ",
                   WithSeparators(static_cast<uint64_t>(RefusedUpdates(status))), " refused"));
  const std::vector<std::string> problems = Problems(status);
  for (size_t i = 0; i < problems.size(); ++i) list.Add(i == 0 ? "Problems" : "", problems[i]);
  if (problems.empty()) list.Add("Problems", "none");
  list.Add("Fingerprint", status.model().fingerprint());
  return list.Text(width);
}

}  // namespace seedfed

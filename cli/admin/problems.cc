#include "cli/admin/problems.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace seedfed {
namespace {

constexpr double kManyLate = 0.05;      // share of the updates that came
constexpr double kAccuracyFell = 0.05;  // below the best

std::string RefusedText(const v1::Status& status) {
  std::vector<std::string> reasons;
  for (const v1::Refused& refused : status.refused()) {
    if (refused.updates() > 0) {
      reasons.push_back(absl::StrFormat("%.0f for %s", refused.updates(), refused.reason()));
    }
  }
  if (reasons.empty()) return "";
  return absl::StrCat("updates were refused, ", absl::StrJoin(reasons, ", "),
                      ": seedfed events names the clients");
}

}  // namespace

std::vector<std::string> Problems(const v1::Status& status) {
  std::vector<std::string> problems;
  const v1::ClientCounts& clients = status.clients();
  if (status.state() == "held") {
    problems.push_back("held by the operator: no round ends until seedfed resume");
  } else if (status.state() == "waiting") {
    problems.push_back(absl::StrFormat("only %d of the %d trainers that are needed are live",
                                       clients.live(), clients.needed()));
  }
  const v1::Traffic& traffic = status.traffic();
  const double came = traffic.updates() + traffic.late();
  if (came > 0 && traffic.late() >= kManyLate * came) {
    problems.push_back(
        absl::StrFormat("%.0f of %.0f updates came too late (%.0f %%): raise deadline_seconds or "
                        "clients of [rounds]",
                        traffic.late(), came, 100 * traffic.late() / came));
  }
  const std::string refused = RefusedText(status);
  if (!refused.empty()) problems.push_back(refused);
  if (status.has_best() && status.has_latest() &&
      status.latest().accuracy() < status.best().accuracy() - kAccuracyFell) {
    problems.push_back(absl::StrFormat("accuracy fell from %.4f after round %d to %.4f",
                                       status.best().accuracy(), status.best().round(),
                                       status.latest().accuracy()));
  }
  return problems;
}

}  // namespace seedfed

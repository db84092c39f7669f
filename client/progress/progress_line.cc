#include "client/progress/progress_line.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

constexpr size_t kShortestBar = 11;  // BarLine's, with the space and brackets around it

std::string ActivityText(const ClientProgress& progress, absl::Duration now) {
  switch (progress.activity) {
    case Activity::kConnecting:
      return "connecting";
    case Activity::kPreparing:
      return "preparing the data";
    case Activity::kFetching:
      return "fetching the model";
    case Activity::kTraining:
      return absl::StrFormat("training %.0f %%", std::floor(100 * progress.part));
    case Activity::kSending:
      return "sending";
    case Activity::kWaitingForRound:
      return "waiting for the round";
    case Activity::kWaitingForClients:
      return "waiting for more clients";
    case Activity::kEvaluating:
      return "evaluating";
    case Activity::kReconnecting: {
      const double left = absl::ToDoubleSeconds(progress.next_try - now);
      return left > 0 ? absl::StrFormat("reconnecting in %.0f s", std::ceil(left)) : "reconnecting";
    }
  }
  return "";
}

std::string RoundText(const ClientProgress& progress) {
  if (progress.round == 0) return "";
  std::string text = absl::StrCat(" round ", WithSeparators(progress.round));
  if (progress.rounds > 0) absl::StrAppend(&text, " of ", WithSeparators(progress.rounds));
  return text;
}

}  // namespace

std::string ProgressLine(const ClientProgress& progress, absl::Duration now, size_t width,
                         const BarStyle& style) {
  const std::string before = RoundText(progress);
  const std::string activity = absl::StrCat(" ", ActivityText(progress, now));
  std::vector<std::string> figures;
  if (progress.accuracy) {
    figures.push_back(absl::StrFormat("accuracy %.4f", *progress.accuracy));
  } else if (progress.loss) {
    figures.push_back(absl::StrFormat("loss %.4f", *progress.loss));
  }
  if (progress.bytes > 0) figures.push_back(ByteCount(progress.bytes));

  const auto after = [&](size_t shown) {
    std::vector<std::string> pieces = {activity};
    pieces.insert(pieces.end(), figures.begin(), figures.begin() + static_cast<ptrdiff_t>(shown));
    return absl::StrJoin(pieces, ", ");
  };
  const auto fitting = [&](size_t room) {
    size_t shown = figures.size();
    while (shown > 0 && before.size() + after(shown).size() > room) --shown;
    return after(shown);
  };

  const bool bar = progress.round > 0 && progress.rounds > 0 &&
                   before.size() + activity.size() + kShortestBar <= width;
  if (!bar) return absl::StrCat(before, fitting(width)).substr(before.empty() ? 1 : 0, width);
  constexpr double kSteps = 1000;  // of the bar in a round
  const double part = progress.activity == Activity::kTraining ? progress.part : 0;
  return BarLine(before, static_cast<uint64_t>(kSteps * (progress.complete + part)),
                 static_cast<uint64_t>(kSteps * progress.rounds), fitting(width - kShortestBar),
                 width, style);
}

}  // namespace seedfed

#include "cli/admin/rounds_text.h"

#include <cmath>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "cli/layout/quantity.h"
#include "cli/layout/text_table.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using Align = TextTable::Align;

// Of one round a whole number; of several their mean.
std::string MeanCount(double count) {
  return count == std::floor(count) ? WithSeparators(static_cast<uint64_t>(count))
                                    : absl::StrFormat("%.1f", count);
}

}  // namespace

absl::Status CheckRounds(const v1::Rounds& rounds) {
  const int rows = rounds.round_size();
  const int evaluated = rounds.evaluated_round_size();
  if (rounds.training_loss_size() == rows && rounds.updates_size() == rows &&
      rounds.late_size() == rows && rounds.refused_size() == rows &&
      rounds.seconds_size() == rows && rounds.bytes_up_size() == rows &&
      rounds.accuracy_size() == evaluated && rounds.evaluation_loss_size() == evaluated) {
    return absl::OkStatus();
  }
  return absl::DataLossError("the server's rounds have columns of different lengths");
}

std::string RoundsText(const v1::Rounds& rounds) {
  std::unordered_map<uint32_t, int> evaluated;
  for (int i = 0; i < rounds.evaluated_round_size(); ++i) {
    evaluated[rounds.evaluated_round(i)] = i;
  }
  TextTable table(std::vector<Align>(9, Align::kRight));
  table.Row({"round", "accuracy", "loss", "train loss", "updates", "late", "refused", "time",
             "bytes up"});
  for (int i = 0; i < rounds.round_size(); ++i) {
    const auto found = evaluated.find(rounds.round(i));
    const bool known = found != evaluated.end();
    table.Row({WithSeparators(rounds.round(i)),
               known ? absl::StrFormat("%.4f", rounds.accuracy(found->second)) : "-",
               known ? absl::StrFormat("%.4f", rounds.evaluation_loss(found->second)) : "-",
               absl::StrFormat("%.4f", rounds.training_loss(i)), MeanCount(rounds.updates(i)),
               MeanCount(rounds.late(i)), MeanCount(rounds.refused(i)),
               RoundDuration(absl::Seconds(rounds.seconds(i))), RoundBytes(rounds.bytes_up(i))});
  }
  std::string text = table.Text();
  if (rounds.stride() > 1) {
    absl::StrAppend(&text, "Each row: the mean of ", rounds.stride(),
                    " rounds, the last of which it names.\n");
  }
  return text;
}

}  // namespace seedfed

#include "cli/model_source/input_normalisation.h"

#include <cmath>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/status.h"
#include "common/model/plan.h"

namespace seedfed {
namespace {

constexpr char kMean[] = "seedfed.input_mean";
constexpr char kStddev[] = "seedfed.input_stddev";

absl::StatusOr<double> Number(const Metadata& metadata, const char* key) {
  const auto found = metadata.find(key);
  double value = 0;
  if (found == metadata.end() || !absl::SimpleAtod(found->second, &value)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "its ", key, " is ", found == metadata.end() ? "missing" : Quoted(found->second),
        "; expected a number"));
  }
  return value;
}

}  // namespace

InputNormalisation DefaultNormalisation() {
  const TrainingPlan plan;
  return {plan.input_mean, plan.input_stddev};
}

absl::Status CheckNormalisation(const InputNormalisation& normalisation) {
  if (!std::isfinite(static_cast<float>(normalisation.mean))) {
    return absl::InvalidArgumentError(
        absl::StrCat("the input mean is ", normalisation.mean, "; expected a finite number"));
  }
  const auto stddev = static_cast<float>(normalisation.stddev);
  if (!std::isnormal(stddev) || stddev < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the input standard deviation is ", normalisation.stddev, "; expected a number above 0"));
  }
  return absl::OkStatus();
}

void AddNormalisation(const InputNormalisation& normalisation, Metadata& metadata) {
  // 17 digits give the same binary64 back.
  metadata[kMean] = absl::StrFormat("%.17g", normalisation.mean);
  metadata[kStddev] = absl::StrFormat("%.17g", normalisation.stddev);
}

absl::StatusOr<std::optional<InputNormalisation>> NormalisationOf(const Metadata& metadata) {
  if (metadata.count(kMean) + metadata.count(kStddev) == 0) return std::nullopt;
  InputNormalisation normalisation;
  SEEDFED_ASSIGN_OR_RETURN(normalisation.mean, Number(metadata, kMean));
  SEEDFED_ASSIGN_OR_RETURN(normalisation.stddev, Number(metadata, kStddev));
  SEEDFED_RETURN_IF_ERROR(CheckNormalisation(normalisation));
  return normalisation;
}

}  // namespace seedfed

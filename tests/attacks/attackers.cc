#include "tests/attacks/attackers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "common/base/philox.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr double kOne = 1 << 30;  // 1 in Q1.30
constexpr double kAmplification = 10;
constexpr double kHiddenDeviations = 1.5;
constexpr uint32_t kMostExamples = std::numeric_limits<uint32_t>::max();

double Length(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum);
}

// Points beyond the unit disk moved to its rim, which keeps their direction.
std::vector<int32_t> ToDisk(std::span<const double> points) {
  std::vector<int32_t> coordinates;
  for (size_t i = 0; i < points.size(); i += 2) {
    const double length = Length(points.subspan(i, 2));
    const double shrink = length > kOne ? kOne / length : 1;
    for (size_t k = i; k < i + 2; ++k) {
      coordinates.push_back(static_cast<int32_t>(points[k] * shrink));
    }
  }
  return coordinates;
}

// Nearly normal: mean 0, deviation 1; a sum of uniform numbers, which every C library adds alike.
double Normal(PhiloxStream& stream) {
  double sum = -6;
  for (int i = 0; i < 12; ++i) sum += stream.Uniform();
  return sum;
}

std::vector<double> Decoded(const Model& model, const LocalUpdate& update, uint32_t round) {
  const std::vector<int32_t> coordinates = *model.codec().Decode(update.words, round);
  return {coordinates.begin(), coordinates.end()};
}

}  // namespace

Attackers::Attackers(Attack attack, TrainingPlan plan, const FederationKey& key,
                     std::map<uint32_t, std::unique_ptr<Trainer>> trainers)
    : attack_(attack), plan_(std::move(plan)), key_(key), trainers_(std::move(trainers)) {}

absl::StatusOr<LocalUpdate> Attackers::Train(const Model& model, uint32_t client) {
  return TrainRound(model, plan_, key_, client, *trainers_.at(client), nullptr);
}

absl::StatusOr<LocalUpdate> Attackers::Alone(const Model& model, uint32_t client) {
  const uint32_t round = model.round() + 1;
  const Dither dither = {key_.SubKey(Purpose::kDitherUp), client};
  const auto encode = [&](std::span<const double> points) {
    return model.codec().Encode(ToDisk(points), round, dither);
  };
  if (attack_ == Attack::kFreeRiderZero || attack_ == Attack::kFreeRiderOld) {
    LocalUpdate update = {.examples = kMostExamples, .loss = 0.5F};
    if (attack_ == Attack::kFreeRiderZero || averages_.empty()) {
      update.words = encode(std::vector<double>(model.spec().coordinates()));
      return update;
    }
    PhiloxStream stream({client, 1}, round, 0, 0);
    const uint32_t old = stream.Below(static_cast<uint32_t>(averages_.size()));
    update.words =
        model.codec().Encode(*model.codec().Decode(averages_[old], old + 1), round, dither);
    return update;
  }
  if (attack_ == Attack::kReplay && round > 1) {
    LocalUpdate update = replayed_.at(client);
    update.words = model.codec().Encode(*model.codec().Decode(update.words, 1), round, dither);
    return update;
  }

  SEEDFED_ASSIGN_OR_RETURN(LocalUpdate update, Train(model, client));
  if (attack_ == Attack::kReplay) replayed_[client] = update;
  if (attack_ == Attack::kSignFlip || attack_ == Attack::kNoise) {
    std::vector<double> points = Decoded(model, update, round);
    if (attack_ == Attack::kSignFlip) {
      for (double& point : points) point *= -kAmplification;
    } else {
      const double deviation =
          kAmplification * Length(points) / std::sqrt(static_cast<double>(points.size()));
      PhiloxStream stream({client, 2}, round, 0, 0);
      for (double& point : points) point = deviation * Normal(stream);
    }
    update.words = encode(points);
  }
  return update;
}

absl::StatusOr<LocalUpdate> Attackers::Together(const Model& model) {
  const uint32_t round = model.round() + 1;
  LocalUpdate update;
  std::vector<std::vector<double>> honest;
  double honest_length = 0;
  for (const auto& [client, trainer] : trainers_) {
    SEEDFED_ASSIGN_OR_RETURN(update, Train(model, client));
    honest.push_back(Decoded(model, update, round));
    honest_length += Length(honest.back());
  }
  const auto count = static_cast<double>(honest.size());
  honest_length /= count;

  std::vector<double> mean(model.spec().coordinates());
  std::vector<double> deviation(mean.size());
  for (size_t i = 0; i < mean.size(); ++i) {
    for (const std::vector<double>& points : honest) mean[i] += points[i] / count;
    for (const std::vector<double>& points : honest) {
      deviation[i] += (points[i] - mean[i]) * (points[i] - mean[i]) / count;
    }
    deviation[i] = std::sqrt(deviation[i]);
  }
  const double backwards = -honest_length / std::max(Length(mean), 1.0);
  for (size_t i = 0; i < mean.size(); ++i) {
    mean[i] = attack_ == Attack::kCollusion ? mean[i] * backwards
                                            : mean[i] - kHiddenDeviations * deviation[i];
  }
  update.words = model.codec().Encode(ToDisk(mean), round,
                                      {key_.SubKey(Purpose::kDitherUp), trainers_.begin()->first});
  return update;
}

absl::StatusOr<std::map<uint32_t, LocalUpdate>> Attackers::Updates(const Model& model) {
  std::map<uint32_t, LocalUpdate> updates;
  if (attack_ == Attack::kCollusion || attack_ == Attack::kCollusionHidden) {
    SEEDFED_ASSIGN_OR_RETURN(const LocalUpdate update, Together(model));
    for (const auto& [client, trainer] : trainers_) updates[client] = update;
    return updates;
  }
  for (const auto& [client, trainer] : trainers_) {
    SEEDFED_ASSIGN_OR_RETURN(updates[client], Alone(model, client));
  }
  return updates;
}

absl::StatusOr<Dataset> FlipLabels(const Dataset& data, uint32_t classes) {
  std::vector<float> values(data.examples() * data.features());
  std::vector<uint32_t> labels;
  for (size_t i = 0; i < data.examples(); ++i) {
    data.Row(i, {values.data() + i * data.features(), data.features()});
    labels.push_back(classes - 1 - data.label(i));
  }
  return Dataset::FromTable("flipped labels", data.features(), std::move(values),
                            std::move(labels));
}

}  // namespace seedfed

#include "common/wire/convert.h"

#include "common/base/status.h"

namespace seedfed {

// The numbers of the enumerations are part of both the wire format and SpecBytes.
static_assert(static_cast<int>(Codec::kEnsemble) == v1::CODEC_ENSEMBLE);
static_assert(static_cast<int>(Codec::kSingle) == v1::CODEC_SINGLE);
static_assert(static_cast<int>(Codec::kDense) == v1::CODEC_DENSE);
static_assert(static_cast<int>(Mode::kRolling) == v1::MODE_ROLLING);
static_assert(static_cast<int>(Mode::kPure) == v1::MODE_PURE);

v1::ModelSpec ToProto(const ModelSpec& spec) {
  v1::ModelSpec message;
  for (const LayerSpec& layer : spec.layers) {
    v1::Layer* out = message.add_layers();
    out->set_rows(layer.rows);
    out->set_cols(layer.cols);
    out->set_tile(layer.tile);
  }
  message.set_codec(static_cast<v1::Codec>(spec.codec));
  message.set_mode(static_cast<v1::Mode>(spec.mode));
  message.set_phase_bits(spec.phase_bits);
  message.set_gain(spec.gain);
  return message;
}

v1::TrainingPlan ToProto(const TrainingPlan& plan) {
  v1::TrainingPlan message;
  for (const double rate : plan.learning_rate) message.add_learning_rate(rate);
  message.set_learning_rate_decay(plan.learning_rate_decay);
  message.set_batch(plan.batch);
  message.set_samples(plan.samples);
  message.set_input_mean(plan.input_mean);
  message.set_input_stddev(plan.input_stddev);
  message.set_participation(plan.participation);
  return message;
}

v1::Shard ToProto(const Shard& shard) {
  v1::Shard message;
  message.set_index(shard.index);
  message.set_count(shard.count);
  message.set_alpha(shard.alpha);
  return message;
}

absl::StatusOr<ModelSpec> FromProto(const v1::ModelSpec& message) {
  ModelSpec spec;
  for (const v1::Layer& layer : message.layers()) {
    spec.layers.push_back({layer.rows(), layer.cols(), layer.tile()});
  }
  spec.codec = static_cast<Codec>(message.codec());
  spec.mode = static_cast<Mode>(message.mode());
  spec.phase_bits = message.phase_bits();
  spec.gain = message.gain();
  SEEDFED_RETURN_IF_ERROR(ValidateSpec(spec));
  return spec;
}

absl::StatusOr<TrainingPlan> FromProto(const v1::TrainingPlan& message, size_t layers) {
  TrainingPlan plan;
  plan.learning_rate.assign(message.learning_rate().begin(), message.learning_rate().end());
  plan.learning_rate_decay = message.learning_rate_decay();
  plan.batch = message.batch();
  plan.samples = message.samples();
  plan.input_mean = message.input_mean();
  plan.input_stddev = message.input_stddev();
  plan.participation = message.participation();
  SEEDFED_RETURN_IF_ERROR(ValidatePlan(plan, layers));
  return plan;
}

absl::StatusOr<Shard> FromProto(const v1::Shard& message) {
  const Shard shard = {message.index(), message.count(), message.alpha()};
  SEEDFED_RETURN_IF_ERROR(ValidateShard(shard));
  return shard;
}

}  // namespace seedfed

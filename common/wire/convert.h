#ifndef SEEDFED_COMMON_WIRE_CONVERT_H_
#define SEEDFED_COMMON_WIRE_CONVERT_H_

#include "absl/status/statusor.h"
#include "common/model/plan.h"
#include "common/model/spec.h"
#include "seedfed/v1/model.pb.h"

namespace seedfed {

// The version of seedfed.v1.Federation that this code speaks (JoinRequest.protocol).
inline constexpr uint32_t kProtocolVersion = 2;

// Client numbers: trainers count from 0, evaluators from here.
inline constexpr uint32_t kFirstEvaluator = 1U << 31;

// Between the wire's messages and our own types. What comes from the wire is validated:
// InvalidArgument with the first value out of range. Pure and thread-safe.
v1::ModelSpec ToProto(const ModelSpec& spec);
v1::TrainingPlan ToProto(const TrainingPlan& plan);
v1::Shard ToProto(const Shard& shard);
absl::StatusOr<ModelSpec> FromProto(const v1::ModelSpec& message);
absl::StatusOr<TrainingPlan> FromProto(const v1::TrainingPlan& message, size_t layers);
absl::StatusOr<Shard> FromProto(const v1::Shard& message);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_WIRE_CONVERT_H_

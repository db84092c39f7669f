#ifndef SEEDFED_SERVER_RPC_FEDERATION_SERVICE_H_
#define SEEDFED_SERVER_RPC_FEDERATION_SERVICE_H_

#include <cstdint>

#include "common/base/key.h"
#include "common/model/plan.h"
#include "seedfed/v1/federation.grpc.pb.h"
#include "server/admission/call_admission.h"
#include "server/config/server_config.h"
#include "server/core/federation_core.h"
#include "server/runtime/runtime.h"

namespace seedfed {

// What a client is told when it joins, besides its number and the round.
struct JoinTerms {
  FederationId federation_id{};
  FederationKey key;
  TrainingPlan plan;
  uint32_t shards = 0;  // parts of a simulation's data set; 0: no simulation
  double alpha = 0;
  uint32_t rounds = 0;
  absl::Duration poll;
  uint32_t example_cap = 1;
};

// seedfed.v1.Federation: turns calls into events of the runtime and its replies into answers.
// Thread-safe; no call blocks a thread while it waits.
class FederationService final : public v1::Federation::CallbackService {
 public:
  // `runtime` and `admission` must outlive this. Without admission everybody is let in, and nobody
  // has to say who he is. `stall`: see SnapshotCall.
  FederationService(Runtime& runtime, const JoinTerms& terms, CallAdmission* admission = nullptr,
                    absl::Duration stall = CallLimits().stall);

  grpc::ServerUnaryReactor* Join(grpc::CallbackServerContext* context,
                                 const v1::JoinRequest* request,
                                 v1::JoinResponse* response) override;
  grpc::ServerUnaryReactor* AwaitRound(grpc::CallbackServerContext* context,
                                       const v1::AwaitRoundRequest* request,
                                       v1::AwaitRoundResponse* response) override;
  grpc::ServerUnaryReactor* SubmitUpdate(grpc::CallbackServerContext* context,
                                         const v1::SubmitUpdateRequest* request,
                                         v1::SubmitUpdateResponse* response) override;
  grpc::ServerUnaryReactor* ReportEvaluation(grpc::CallbackServerContext* context,
                                             const v1::ReportEvaluationRequest* request,
                                             v1::ReportEvaluationResponse* response) override;
  grpc::ServerWriteReactor<v1::SnapshotChunk>* FetchSnapshot(
      grpc::CallbackServerContext* context, const v1::FetchSnapshotRequest* request) override;

 private:
  // Who calls, if the call is to be looked at; `most_bytes` is the size of the largest message that
  // can be valid. Otherwise the status to answer with: the refusal is counted then, and the call
  // knows when to come again.
  absl::StatusOr<Identity> Admit(grpc::CallbackServerContext& context,
                                 const google::protobuf::Message& request, size_t most_bytes);
  size_t MostUpdateBytes() const;

  // On the strand. `rounds`: averaged rounds in the response.
  void CountTraffic(const google::protobuf::Message& request,
                    const google::protobuf::Message& response, size_t rounds = 0);
  void FillJoinResponse(const JoinReply& reply, v1::JoinResponse& response) const;

  Runtime& runtime_;
  const JoinTerms terms_;
  CallAdmission* const admission_;
  const absl::Duration stall_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_FEDERATION_SERVICE_H_

#ifndef SEEDFED_SERVER_RPC_FEDERATION_SERVICE_H_
#define SEEDFED_SERVER_RPC_FEDERATION_SERVICE_H_

#include <cstdint>

#include "common/base/key.h"
#include "common/model/plan.h"
#include "seedfed/v1/federation.grpc.pb.h"
#include "server/admission/call_admission.h"
#include "server/admission/update_room.h"
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

// The service's methods with messages as bytes: gRPC would answer bytes that are no message before
// anybody could count them, and parse what has not been admitted.
using FederationMethods =
    v1::Federation::WithRawCallbackMethod_Join<v1::Federation::WithRawCallbackMethod_AwaitRound<
        v1::Federation::WithRawCallbackMethod_SubmitUpdate<
            v1::Federation::WithRawCallbackMethod_ReportEvaluation<
                v1::Federation::WithRawCallbackMethod_FetchSnapshot<v1::Federation::Service>>>>>;

// seedfed.v1.Federation: turns calls into events of the runtime and its replies into answers.
// Thread-safe; no call blocks a thread while it waits.
class FederationService final : public FederationMethods {
 public:
  // `runtime`, `admission` and `room` must outlive this. Without admission everybody is let in, and
  // nobody has to say who he is. `room`: of the updates; null: as much as they take. `stall`: see
  // SnapshotCall.
  FederationService(Runtime& runtime, const JoinTerms& terms, CallAdmission* admission = nullptr,
                    UpdateRoom* room = nullptr, absl::Duration stall = CallLimits().stall);

  grpc::ServerUnaryReactor* Join(grpc::CallbackServerContext* context,
                                 const grpc::ByteBuffer* message,
                                 grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* AwaitRound(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* message,
                                       grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* SubmitUpdate(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* message,
                                         grpc::ByteBuffer* answer) override;
  grpc::ServerUnaryReactor* ReportEvaluation(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* message,
                                             grpc::ByteBuffer* answer) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* FetchSnapshot(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* message) override;

 private:
  // Who calls, if the call is to be looked at. Otherwise the status to answer with: the refusal is
  // counted then, and the call knows when to come again.
  absl::StatusOr<AdmittedCall> Admit(grpc::CallbackServerContext& context);

  // The same, then the call's message, of at most `most_bytes` bytes, which it takes.
  absl::StatusOr<AdmittedCall> Read(grpc::CallbackServerContext& context,
                                    const grpc::ByteBuffer& message, size_t most_bytes,
                                    google::protobuf::Message& request);

  size_t MostUpdateBytes() const;

  // ResourceExhausted when an update finds no room; it is counted then, and knows when to come
  // again.
  absl::StatusOr<UpdateRoom::Place> TakeRoom(grpc::CallbackServerContext& context, size_t bytes,
                                             const Identity& identity);

  // On the strand. Writes the answer and counts the traffic; `rounds`: averaged rounds in it.
  void Answer(size_t request_bytes, const google::protobuf::Message& response,
              grpc::ByteBuffer& answer, size_t rounds = 0);
  void FillJoinResponse(const JoinReply& reply, v1::JoinResponse& response) const;

  Runtime& runtime_;
  const JoinTerms terms_;
  CallAdmission* const admission_;
  UpdateRoom* const room_;
  const absl::Duration stall_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_FEDERATION_SERVICE_H_

#include "tests/load/load_client.h"

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "seedfed/v1/federation.grpc.pb.h"
#include "tests/load/synthetic_update.h"

namespace seedfed {
namespace {

absl::Status Check(const std::string& call, const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(call, " failed: ", status.error_message()));
}

}  // namespace

absl::Status LoadClient::Run(const std::atomic<bool>& stopped) {
  const auto stub =
      v1::Federation::NewStub(grpc::CreateChannel(server, grpc::InsecureChannelCredentials()));
  const v1::JoinRequest join = TrainerJoin(id);
  v1::JoinResponse joined;
  {
    grpc::ClientContext context;
    SEEDFED_RETURN_IF_ERROR(Check("Join", stub->Join(&context, join, &joined)));
  }
  SEEDFED_ASSIGN_OR_RETURN(v1::SubmitUpdateRequest update,
                           SyntheticUpdate(joined, joined.client_number(), 1));
  uint32_t round = joined.round();
  while (!stopped) {
    pace(round + 1);
    update.set_round(round + 1);
    v1::SubmitUpdateResponse submitted;
    {
      grpc::ClientContext context;
      SEEDFED_RETURN_IF_ERROR(
          Check("SubmitUpdate", stub->SubmitUpdate(&context, update, &submitted)));
    }
    if (submitted.outcome() == v1::SubmitUpdateResponse::OUTCOME_ACCEPTED) ++accepted;
    v1::AwaitRoundRequest await;
    await.set_federation_id(joined.federation_id());
    await.set_client_number(joined.client_number());
    await.set_have_round(round);
    v1::AwaitRoundResponse awaited;
    grpc::ClientContext context;
    SEEDFED_RETURN_IF_ERROR(Check("AwaitRound", stub->AwaitRound(&context, await, &awaited)));
    if (awaited.state() == v1::FEDERATION_STATE_FINISHED) break;
    round = awaited.round();
  }
  return absl::OkStatus();
}

}  // namespace seedfed

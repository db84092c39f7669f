#include "tests/load/load_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/model/update_codec.h"
#include "common/wire/convert.h"
#include "seedfed/v1/federation.grpc.pb.h"

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
  v1::JoinRequest join;
  join.set_client_id(id);
  join.set_role(v1::ROLE_TRAIN);
  join.set_protocol(kProtocolVersion);
  join.set_software("seedfed_load");
  v1::JoinResponse joined;
  {
    grpc::ClientContext context;
    SEEDFED_RETURN_IF_ERROR(Check("Join", stub->Join(&context, join, &joined)));
  }
  SEEDFED_ASSIGN_OR_RETURN(const ModelSpec spec, FromProto(joined.model()));
  std::array<uint8_t, 16> key{};
  std::copy_n(joined.key().begin(), std::min<size_t>(joined.key().size(), key.size()), key.begin());
  const UpdateCodec codec(spec, FederationKey(key));

  v1::SubmitUpdateRequest update;
  update.set_federation_id(joined.federation_id());
  update.set_client_number(joined.client_number());
  update.set_examples(100);
  update.set_loss(1);
  update.set_words(codec.Encode(std::vector<int32_t>(codec.spec().coordinates(), 1000), 1,
                                {{joined.client_number(), 0}, 0}));
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

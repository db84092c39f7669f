#include "tests/load/synthetic_update.h"

#include <algorithm>
#include <array>
#include <vector>

#include "common/base/key.h"
#include "common/base/status.h"
#include "common/model/update_codec.h"
#include "common/wire/convert.h"

namespace seedfed {

v1::JoinRequest TrainerJoin(const std::string& id) {
  v1::JoinRequest join;
  join.set_client_id(id);
  join.set_role(v1::ROLE_TRAIN);
  join.set_protocol(kProtocolVersion);
  join.set_software("seedfed_load");
  return join;
}

absl::StatusOr<v1::SubmitUpdateRequest> SyntheticUpdate(const v1::JoinResponse& joined,
                                                        uint32_t seed, uint32_t round) {
  SEEDFED_ASSIGN_OR_RETURN(const ModelSpec spec, FromProto(joined.model()));
  std::array<uint8_t, 16> key{};
  std::copy_n(joined.key().begin(), std::min<size_t>(joined.key().size(), key.size()), key.begin());
  const UpdateCodec codec(spec, FederationKey(key));
  std::vector<int32_t> coordinates(codec.spec().coordinates());
  for (size_t i = 0; i < coordinates.size(); ++i) {
    coordinates[i] = static_cast<int32_t>((i * 31 + seed * 7 + round) % 2000);
  }
  v1::SubmitUpdateRequest update;
  update.set_federation_id(joined.federation_id());
  update.set_client_number(joined.client_number());
  update.set_round(round);
  update.set_examples(100);
  update.set_loss(1);
  update.set_words(codec.Encode(coordinates, round, {{seed, 0}, 0}));
  return update;
}

}  // namespace seedfed

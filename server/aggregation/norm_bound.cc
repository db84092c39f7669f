#include "server/aggregation/norm_bound.h"

namespace seedfed {

std::vector<int32_t> NormBound::Result() const {
  std::vector<uint32_t> clients;
  for (const auto& [client, update] : updates()) clients.push_back(client);
  return BoundedMean(clients, bound_);
}

}  // namespace seedfed

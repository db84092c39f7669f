#ifndef SEEDFED_SERVER_MONITOR_CLIENT_COUNTS_H_
#define SEEDFED_SERVER_MONITOR_CLIENT_COUNTS_H_

#include <cstdint>
#include <string>
#include <unordered_map>

#include "absl/time/time.h"
#include "seedfed/v1/admin.pb.h"
#include "server/core/event.h"
#include "server/core/federation_core.h"

namespace seedfed {

// What each client has done since the server started. Not thread-safe.
class ClientCounts {
 public:
  void Observe(const Event& event);

  // What the client says it is (JoinRequest.software); cut to 64 bytes.
  void SetSoftware(uint32_t client, std::string software);

  // The members in the order and part that `request` asks for; see admin.proto.
  v1::ListClientsResponse List(const v1::ListClientsRequest& request, const FederationCore& core,
                               absl::Duration now) const;

 private:
  struct Counts {
    std::string software;
    uint32_t rounds = 0, late = 0, refused = 0;
    double examples = 0, bytes_up = 0;
    uint32_t last_round = 0;
    double last_loss = 0;
  };

  void Fill(const ClientRecord& record, const FederationCore& core, absl::Duration now,
            v1::Client& client) const;

  std::unordered_map<uint32_t, Counts> counts_;  // by client number
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_MONITOR_CLIENT_COUNTS_H_

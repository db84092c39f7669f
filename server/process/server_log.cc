#include "server/process/server_log.h"

#include <spdlog/spdlog.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/key.h"
#include "common/model/spec.h"

namespace seedfed {
namespace {

// "3 words, 1 loss"
std::string DescribeRefusals(const Refusals& refusals) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < kRefusalReasons; ++i) {
    const auto reason = static_cast<RefusalReason>(i);
    if (refusals.of(reason) == 0) continue;
    parts.push_back(absl::StrCat(refusals.of(reason), " ", std::string(RefusalReasonName(reason))));
  }
  return absl::StrJoin(parts, ", ");
}

}  // namespace

void LogStart(const FederationCore& core, const ServerConfig& config, const HostPort& listen) {
  const ModelSpec& spec = core.codec().spec();
  spdlog::info("listening on {}: federation {}, model {}, {} words, {} mode, {} bytes an update",
               listen.ToString(), ToHex(core.id()), DescribeLayers(spec.layers),
               std::string(CodecName(spec.codec)), std::string(ModeName(spec.mode)),
               spec.update_bytes());
  spdlog::info("{} rounds of {} are complete; waiting for {} clients", core.round(),
               config.rounds == 0 ? std::string("no planned end") : std::to_string(config.rounds),
               config.min_clients);
}

void LogEnd(const FederationCore& core) {
  if (const Refusals& refused = core.refusals(); refused.sum() > 0) {
    spdlog::info("{} calls were refused: {}", refused.sum(), DescribeRefusals(refused));
  }
  spdlog::info("stopped after round {}, fingerprint {}", core.round(),
               ToHex(core.model().fingerprint()));
}

}  // namespace seedfed

#include "server/process/refused_connections.h"

#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <utility>

namespace seedfed {
namespace {

constexpr absl::Duration kNextLine = absl::Seconds(10);

}  // namespace

void RefusedConnections::Add(const absl::Status& why) {
  runtime_.Reject(RefusalReason::kTooManyConnections, why, std::nullopt);
  ++untold_;
  const absl::Duration now = clock_.Monotonic();
  if (now < next_line_) return;
  next_line_ = now + kNextLine;
  spdlog::warn("connections refused: {}; the last one: {}", std::exchange(untold_, 0),
               std::string(why.message()));
}

}  // namespace seedfed

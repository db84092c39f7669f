#include "common/tls/server_connection.h"

#include <grpc/support/time.h>

#include <algorithm>
#include <utility>

namespace seedfed {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(200);

}  // namespace

ServerConnection::ServerConnection(std::string server, ChannelCredentials credentials,
                                   grpc::ChannelArguments arguments, const Clock& clock)
    : server_(std::move(server)), credentials_(std::move(credentials)), clock_(clock) {
  Reconnect(std::move(arguments));
}

void ServerConnection::Reconnect(grpc::ChannelArguments arguments) {
  arguments_ = std::move(arguments);
  channel_ = credentials_.MakeChannel(server_, arguments_);
}

const std::shared_ptr<grpc::Channel>& ServerConnection::channel() {
  if (channel_->GetState(false) == GRPC_CHANNEL_READY) return channel_;
  // One that fails is in the credentials' explanations from then on.
  const absl::StatusOr<bool> renewed = credentials_.Refresh(clock_.Wall());
  if (renewed.ok() && *renewed) channel_ = credentials_.MakeChannel(server_, arguments_);
  return channel_;
}

void ServerConnection::Wait(absl::Duration time, absl::FunctionRef<bool()> cancelled) {
  const absl::Duration end = clock_.Monotonic() + time;
  while (!cancelled()) {
    const absl::Duration left = end - clock_.Monotonic();
    if (left <= absl::ZeroDuration()) return;
    const std::shared_ptr<grpc::Channel>& now = channel();
    now->WaitForStateChange(
        now->GetState(true),
        gpr_time_from_micros(absl::ToInt64Microseconds(std::min(left, kLook)), GPR_TIMESPAN));
  }
}

}  // namespace seedfed

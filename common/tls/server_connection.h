#ifndef SEEDFED_COMMON_TLS_SERVER_CONNECTION_H_
#define SEEDFED_COMMON_TLS_SERVER_CONNECTION_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/tls/channel_credentials.h"

namespace seedfed {

// A program's way to one server, for as long as the program runs. One thread.
class ServerConnection {
 public:
  // `server` is HOST:PORT; `clock` must outlive this. Does not connect yet.
  ServerConnection(std::string server, ChannelCredentials credentials,
                   grpc::ChannelArguments arguments, const Clock& clock);

  // For the next call only: while there is no connection, the channel is made anew when the
  // certificate files have changed. An open connection goes on.
  const std::shared_ptr<grpc::Channel>& channel();

  // Makes the channel anew, with other arguments.
  void Reconnect(grpc::ChannelArguments arguments);

  // Blocks for `time`; less, by a fifth of a second at most, once `cancelled` is true. A connection
  // that is being made goes on being made meanwhile: gRPC works on one only while somebody waits in
  // one of its calls, so a program that slept between calls that fail at once might never connect
  // over a link that is slow, or by TLS, which takes more round trips.
  void Wait(absl::Duration time, absl::FunctionRef<bool()> cancelled);

  const ChannelCredentials& credentials() const { return credentials_; }

 private:
  const std::string server_;
  ChannelCredentials credentials_;
  const Clock& clock_;
  grpc::ChannelArguments arguments_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace seedfed

#endif  // SEEDFED_COMMON_TLS_SERVER_CONNECTION_H_

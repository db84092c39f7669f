#ifndef SEEDFED_CLI_HEALTH_COMMAND_H_
#define SEEDFED_CLI_HEALTH_COMMAND_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/tls/channel_credentials.h"

namespace seedfed {

// Asks grpc.health.v1.Health/Check of the server at "HOST:PORT" about the server as a whole. OK: it
// serves. Else one sentence: Unavailable when there is no answer within `timeout`,
// FailedPrecondition when the answer is another one.
absl::Status CheckHealth(const std::string& server, const ChannelCredentials& credentials,
                         absl::Duration timeout);

// The field `status` of a serialised HealthCheckResponse: 0 unknown, 1 serving, 2 not serving, 3
// service unknown. InvalidArgument for bytes that are no such message.
absl::StatusOr<uint64_t> ParseHealthResponse(absl::string_view bytes);

// Adds `seedfed health` to `app`. The function runs the command after `app` has parsed it, and
// returns the exit code.
std::function<int()> AddHealthCommand(CLI::App& app);

}  // namespace seedfed

#endif  // SEEDFED_CLI_HEALTH_COMMAND_H_

#ifndef SEEDFED_SERVER_PROCESS_SERVER_PROCESS_H_
#define SEEDFED_SERVER_PROCESS_SERVER_PROCESS_H_

#include "absl/status/status.h"
#include "server/config/server_config.h"

namespace seedfed {

// Serves the federation that `config` describes until SIGINT, SIGTERM, its end, an operator's wish,
// or an error; once in a process. FailedPrecondition and InvalidArgument: something to correct
// before starting again; everything else: the environment failed.
absl::Status RunServer(const ServerConfig& config);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_SERVER_PROCESS_H_

#ifndef SEEDFED_SERVER_PROCESS_SERVER_LOG_H_
#define SEEDFED_SERVER_PROCESS_SERVER_LOG_H_

#include "server/config/server_config.h"
#include "server/core/federation_core.h"

namespace seedfed {

// The server's lines at its start and end.

// `listen` is where it listens.
void LogStart(const FederationCore& core, const ServerConfig& config, const HostPort& listen);
void LogEnd(const FederationCore& core);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_PROCESS_SERVER_LOG_H_

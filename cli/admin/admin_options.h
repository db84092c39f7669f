#ifndef SEEDFED_CLI_ADMIN_ADMIN_OPTIONS_H_
#define SEEDFED_CLI_ADMIN_ADMIN_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "common/tls/tls_options.h"

namespace seedfed {

// What every command that asks a running server takes.
struct AdminOptions {
  std::string server = "127.0.0.1:7733";  // HOST:PORT
  std::string token_file;                 // empty: without a token
  double timeout_seconds = 5;             // longest wait for an answer, or for the next part of one
  TlsOptions tls;
};

// Adds --server, --admin-token-file (or the environment's SEEDFED_ADMIN_TOKEN_FILE), --timeout and
// the options of AddTlsOptions.
// `options` must outlive the command.
void AddAdminOptions(CLI::App& command, AdminOptions& options);

// The end of the help text of such a command.
extern const char kAdminFooter[];

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_ADMIN_OPTIONS_H_

#include "cli/admin/admin_options.h"

namespace seedfed {
namespace {

constexpr double kLeastSeconds = 0.001;
constexpr double kMostSeconds = 3600;

}  // namespace

const char kAdminFooter[] =
    "Exit status: 0 done; 1 the server is gone or failed; 2 bad input, a refused token, or a "
    "server "
    "of another version.";

void AddAdminOptions(CLI::App& command, AdminOptions& options) {
  command.add_option("--server", options.server, "Address of the server")
      ->capture_default_str()
      ->type_name("HOST:PORT");
  command
      .add_option("--admin-token-file", options.token_file,
                  "File with the server's admin token, if it has one")
      ->envname("SEEDFED_ADMIN_TOKEN_FILE")
      ->type_name("FILE");
  command
      .add_option("--timeout", options.timeout_seconds,
                  "Longest wait for an answer, or for the next part of one, seconds")
      ->capture_default_str()
      ->check(CLI::Range(kLeastSeconds, kMostSeconds).description(""))
      ->type_name("SECONDS");
  AddTlsOptions(command, options.tls);
}

}  // namespace seedfed

#include "cli/stop_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/admin/admin_connection.h"
#include "cli/admin/admin_errors.h"
#include "cli/admin/admin_options.h"
#include "common/wire/json.h"

namespace seedfed {
namespace {

constexpr const char* kFooter =
    R"(As SIGTERM does: what was acknowledged is in the store, clients wait for the server to come back.

)";

struct Options {
  AdminOptions admin;
  bool json = false;
};

int Run(const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  if (const absl::Status stopped = server->Stop(); !stopped.ok()) return FailAdmin(stopped);
  if (options.json) {
    std::cout << ToJson(v1::StopResponse()) << "\n";
  } else {
    std::cout << "The server stops; started again on its store, the federation goes on.\n";
  }
  return 0;
}

}  // namespace

std::function<int()> AddStopCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("stop", "Stop the server; started again, the federation goes on");
  command.footer(absl::StrCat(kFooter, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

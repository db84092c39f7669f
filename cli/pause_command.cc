#include "cli/pause_command.h"

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
    R"(Updates are still taken, but no round ends; clients wait. A server that is started again is still held.

)";

struct Options {
  AdminOptions admin;
  bool json = false;
};

int Run(const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  if (const absl::Status paused = server->Pause(); !paused.ok()) return FailAdmin(paused);
  const absl::StatusOr<v1::Status> status = server->GetStatus();
  if (!status.ok()) return FailAdmin(status.status());
  if (options.json) {
    std::cout << ToJson(*status) << "\n";
  } else {
    std::cout << "Held after round " << status->round() << "; seedfed resume goes on.\n";
  }
  return 0;
}

}  // namespace

std::function<int()> AddPauseCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("pause", "Hold a federation: no round ends until resume");
  command.footer(absl::StrCat(kFooter, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

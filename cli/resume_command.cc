#include "cli/resume_command.h"

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

constexpr const char* kFooter = "";

struct Options {
  AdminOptions admin;
  bool json = false;
};

int Run(const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  if (const absl::Status resumed = server->Resume(); !resumed.ok()) return FailAdmin(resumed);
  const absl::StatusOr<v1::Status> status = server->GetStatus();
  if (!status.ok()) return FailAdmin(status.status());
  if (options.json) {
    std::cout << ToJson(*status) << "\n";
  } else {
    std::cout << "Goes on after round " << status->round() << ".\n";
  }
  return 0;
}

}  // namespace

std::function<int()> AddResumeCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("resume", "Go on with a federation that was paused");
  command.footer(absl::StrCat(kFooter, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

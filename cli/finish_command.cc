#include "cli/finish_command.h"

#include <unistd.h>

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
    R"(Clients are told that the federation is finished, and exit. It cannot be taken back. On a terminal the command
asks first, unless --yes is given.

)";

struct Options {
  AdminOptions admin;
  bool yes = false;
  bool json = false;
};

bool Confirmed(const v1::Status& status) {
  std::cerr << "End federation " << status.federation_id() << " after round " << status.round()
            << " for good? Type yes: ";
  std::string answer;
  return std::getline(std::cin, answer) && answer == "yes";
}

int Run(const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  if (!options.yes && isatty(STDIN_FILENO) != 0 && !Confirmed(server->opening_status())) {
    return FailAdmin(absl::CancelledError("nothing was ended"));
  }
  const absl::StatusOr<v1::FinishResponse> finished = server->Finish();
  if (!finished.ok()) return FailAdmin(finished.status());
  if (options.json) {
    std::cout << ToJson(*finished) << "\n";
  } else {
    std::cout << "Finished after round " << finished->round() << ".\n";
  }
  return 0;
}

}  // namespace

std::function<int()> AddFinishCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("finish", "End a federation for good, after its last complete round");
  command.footer(absl::StrCat(kFooter, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command.add_flag("--yes", options->yes, "Do not ask first");
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

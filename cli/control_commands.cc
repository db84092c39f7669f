#include "cli/control_commands.h"

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

// What the command prints once the server has done as asked.
struct Said {
  std::string text;
  std::string json;
};

struct Control {
  const char* name;
  const char* help;
  const char* footer;
  absl::StatusOr<Said> (*run)(AdminConnection& server);
};

// The status after `done`, for programs, and the round it speaks of, for people.
absl::StatusOr<Said> SayStatus(AdminConnection& server, const absl::Status& done,
                               const char* before, const char* after) {
  if (!done.ok()) return done;
  const absl::StatusOr<v1::Status> status = server.GetStatus();
  if (!status.ok()) return status.status();
  return Said{absl::StrCat(before, status->round(), after), ToJson(*status)};
}

constexpr Control kPause = {
    .name = "pause",
    .help = "Hold a federation: no round ends until resume",
    .footer =
        "Updates are still taken, but no round ends; clients wait. A server that is started "
        "again is still held.\n\n",
    .run = [](AdminConnection& server) {
      return SayStatus(server, server.Pause(), "Held after round ", "; seedfed resume goes on.");
    }};

constexpr Control kResume = {.name = "resume",
                             .help = "Go on with a federation that was paused",
                             .footer = "",
                             .run = [](AdminConnection& server) {
                               return SayStatus(server, server.Resume(), "Goes on after round ",
                                                ".");
                             }};

constexpr Control kStop = {
    .name = "stop",
    .help = "Stop the server; started again, the federation goes on",
    .footer =
        "As SIGTERM does: what was acknowledged is in the store, clients wait for the server "
        "to come back.\n\n",
    .run = [](AdminConnection& server) -> absl::StatusOr<Said> {
      if (const absl::Status stopped = server.Stop(); !stopped.ok()) return stopped;
      return Said{"The server stops; started again on its store, the federation goes on.",
                  ToJson(v1::StopResponse())};
    }};

struct Options {
  AdminOptions admin;
  bool json = false;
};

int Run(const Control& control, const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  const absl::StatusOr<Said> said = control.run(*server);
  if (!said.ok()) return FailAdmin(said.status());
  std::cout << (options.json ? said->json : said->text) << "\n";
  return 0;
}

std::function<int()> Add(CLI::App& app, const Control& control) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand(control.name, control.help);
  command.footer(absl::StrCat(control.footer, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command.add_flag("--json", options->json, "Print a JSON document");
  return [&control, options] { return Run(control, *options); };
}

}  // namespace

std::function<int()> AddPauseCommand(CLI::App& app) { return Add(app, kPause); }
std::function<int()> AddResumeCommand(CLI::App& app) { return Add(app, kResume); }
std::function<int()> AddStopCommand(CLI::App& app) { return Add(app, kStop); }

}  // namespace seedfed

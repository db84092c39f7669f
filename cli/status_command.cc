#include "cli/status_command.h"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "cli/admin/admin_connection.h"
#include "cli/admin/admin_errors.h"
#include "cli/admin/admin_options.h"
#include "cli/admin/status_text.h"
#include "common/terminal/screen.h"
#include "common/wire/json.h"

namespace seedfed {
namespace {

constexpr const char* kFooter = R"(Examples:
  seedfed status
  seedfed status --server fed.example.org:7733 --admin-token-file token --watch
  seedfed status --json | jq .latest.accuracy

)";

constexpr absl::Duration kInterval = absl::Seconds(1);

struct Options {
  AdminOptions admin;
  bool watch = false;
  bool json = false;
};

std::string Text(const v1::Status& status, const Options& options, size_t width) {
  return options.json ? ToJson(status) + "\n" : StatusText(status, options.admin.server, width);
}

// Draws over what is on the terminal, without the flicker of clearing it first.
void Redraw(const std::string& text) {
  std::cout << "\x1b[H" << absl::StrReplaceAll(text, {{"\n", "\x1b[K\n"}}) << "\x1b[J"
            << std::flush;
}

// Until it is interrupted or, where there is no terminal, the server is gone: whoever looks at a
// terminal sees a server come back.
int Watch(AdminConnection& server, const Options& options) {
  const Screen screen = ScreenOf(STDOUT_FILENO);
  const bool draw = screen.live && !options.json;
  if (draw) std::cout << "\x1b[2J";
  for (;;) {
    const absl::StatusOr<v1::Status> status = server.GetStatus();
    if (!status.ok() && !draw) return FailAdmin(status.status());
    const std::string text = status.ok() ? Text(*status, options, screen.columns())
                                         : absl::StrCat(status.status().message(), "\n");
    if (draw) {
      Redraw(text);
    } else {
      std::cout << text << (options.json ? "" : "\n") << std::flush;
    }
    if (!std::cout) return 0;  // nobody reads on
    server.Wait(kInterval);
  }
}

int Run(const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  if (options.watch) return Watch(*server, options);
  std::cout << Text(server->opening_status(), options, ScreenOf(STDOUT_FILENO).columns());
  return 0;
}

}  // namespace

std::function<int()> AddStatusCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand(
      "status", "Show how a running federation does: learning, members, cost, problems");
  command.footer(absl::StrCat(kFooter, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command.add_flag("--watch", options->watch,
                   "Show it every second until interrupted; on a terminal in place");
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

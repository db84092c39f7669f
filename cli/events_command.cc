#include "cli/events_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/admin/admin_connection.h"
#include "cli/admin/admin_errors.h"
#include "cli/admin/admin_options.h"
#include "cli/admin/event_text.h"
#include "common/wire/json.h"

namespace seedfed {
namespace {

constexpr const char* kFooter =
    R"(A server keeps its newest few thousand events, those of --debug apart from the others. Where a follower reads too
slowly for that, an event of the kind "gap" says how many it missed. With --json each event is one line.

)";

struct Options {
  AdminOptions admin;
  bool follow = false;
  bool debug = false;
  uint64_t after = 0;
  bool json = false;
};

int Run(const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  v1::WatchEventsRequest request;
  request.set_after(options.after);
  request.set_follow(options.follow);
  request.set_debug(options.debug);
  const absl::TimeZone zone = absl::LocalTimeZone();
  const absl::Status ended = server->WatchEvents(request, [&](const v1::Event& event) {
    std::cout << (options.json ? ToJson(event) + "\n" : EventText(event, zone));
    if (options.follow) std::cout.flush();
    return std::cout ? absl::OkStatus() : absl::CancelledError("nobody reads the output");
  });
  return ended.ok() ? 0 : FailAdmin(ended);
}

}  // namespace

std::function<int()> AddEventsCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("events", "Show what happened in a running federation, and follow it");
  command.footer(absl::StrCat(kFooter, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command.add_flag("-f,--follow", options->follow,
                   "Go on with those that happen, until interrupted");
  command.add_flag("--debug", options->debug,
                   "Also those that only matter when looking for a fault");
  command.add_option("--after", options->after, "Only those after the event of this id")
      ->type_name("ID");
  command.add_flag("--json", options->json, "Print JSON, one event a line");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

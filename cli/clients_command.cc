#include "cli/clients_command.h"

#include <unistd.h>

#include <iostream>
#include <limits>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/admin/admin_connection.h"
#include "cli/admin/admin_errors.h"
#include "cli/admin/admin_options.h"
#include "cli/admin/clients_text.h"
#include "cli/count_option.h"
#include "common/terminal/screen.h"
#include "common/wire/json.h"

namespace seedfed {
namespace {

constexpr const char* kFooter = R"(Counts are since the server started. Examples:
  seedfed clients --sort late --limit 20
  seedfed clients --json | jq '.clients[] | select(.live | not) | .id'

)";

constexpr uint32_t kMostClients = 10'000;

struct Options {
  AdminOptions admin;
  std::string sort = "id";
  uint32_t limit = 1'000;
  uint32_t offset = 0;
  bool json = false;
};

// A table for a terminal fits it; one for a file or a pipe is complete.
size_t Width() {
  const Screen screen = ScreenOf(STDOUT_FILENO);
  return screen.live ? screen.columns() : std::numeric_limits<size_t>::max();
}

int Run(const Options& options) {
  absl::StatusOr<AdminConnection> server = AdminConnection::Open(options.admin);
  if (!server.ok()) return FailAdmin(server.status());
  v1::ListClientsRequest request;
  request.set_offset(options.offset);
  request.set_limit(options.limit);
  request.set_sort(options.sort);
  const absl::StatusOr<v1::ListClientsResponse> response = server->ListClients(request);
  if (!response.ok()) return FailAdmin(response.status());
  if (options.json) {
    std::cout << ToJson(*response) << "\n";
    return 0;
  }
  if (response->total() == 0) {
    std::cout << "Nobody has joined yet.\n";
    return 0;
  }
  std::cout << ClientsText(*response, Width());
  const auto shown = static_cast<uint32_t>(response->clients_size());
  if (shown < response->total()) {
    std::cout << shown << " of " << response->total()
              << " members; --limit and --offset show others.\n";
  }
  return 0;
}

}  // namespace

std::function<int()> AddClientsCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("clients", "Show the members of a running federation");
  command.footer(absl::StrCat(kFooter, kAdminFooter));
  AddAdminOptions(command, options->admin);
  command
      .add_option("--sort", options->sort,
                  "id, seen (the latest heard of first) or late (the most late updates first)")
      ->capture_default_str()
      ->check(CLI::IsMember({"id", "seen", "late"}).description(""))
      ->type_name("ORDER");
  AddCount(command, "--limit", options->limit, kMostClients, "Show at most so many");
  command.add_option("--offset", options->offset, "Leave out so many at the front")
      ->capture_default_str()
      ->type_name("N");
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

#include "cli/unknown_subcommand.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/terminal/printable.h"
#include "server/config/nearest.h"

namespace seedfed {
namespace {

// The last of the subcommands that were given, and their names.
struct Given {
  const CLI::App* command;
  std::string line;  // "seedfed token"
};

Given LastGiven(const CLI::App& app) {
  Given given = {&app, app.get_name()};
  while (!given.command->get_subcommands().empty()) {
    given.command = given.command->get_subcommands().front();
    absl::StrAppend(&given.line, " ", given.command->get_name());
  }
  return given;
}

}  // namespace

std::string SubcommandProblem(const CLI::App& app) {
  const Given given = LastGiven(app);
  if (given.command->get_require_subcommand_min() == 0) return "";
  const std::string help = absl::StrCat("'", given.line, " --help' lists them");
  const std::vector<std::string> rest = app.remaining(true);
  const auto word = std::find_if(rest.begin(), rest.end(), [](const std::string& argument) {
    return !argument.empty() && argument.front() != '-';
  });
  if (word == rest.end()) return absl::StrCat("a subcommand is missing; ", help);
  std::vector<std::string> names;
  for (const CLI::App* each : given.command->get_subcommands({})) names.push_back(each->get_name());
  const std::vector<absl::string_view> views(names.begin(), names.end());
  const std::string nearest = NearestWord(*word, views);
  return absl::StrCat("'", Printable(*word), "' is not a subcommand",
                      given.command == &app ? "" : absl::StrCat(" of ", given.line), "; ",
                      nearest.empty() ? help : absl::StrCat("did you mean ", nearest, "?"));
}

}  // namespace seedfed

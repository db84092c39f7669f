#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "cli/backup_command.h"
#include "cli/compress_command.h"
#include "cli/diff_command.h"
#include "cli/expand_command.h"
#include "cli/health_command.h"
#include "cli/inspect_command.h"
#include "cli/plan_command.h"
#include "cli/reproduce_command.h"
#include "cli/simulate_command.h"
#include "cli/verify_command.h"
#include "common/base/version.h"

namespace {

constexpr int kBadInput = 2;

int ParseAndRun(int argc, char** argv) {
  CLI::App app("Federated learning whose every message is made of 16-byte seeds.", "seedfed");
  app.set_version_flag("--version", std::string("seedfed ") + seedfed::Version());
  app.require_subcommand(1);
  app.footer("Help on a command: seedfed COMMAND --help");

  std::vector<std::pair<const char*, std::function<int()>>> commands;
  commands.emplace_back("simulate", seedfed::AddSimulateCommand(app));
  commands.emplace_back("compress", seedfed::AddCompressCommand(app));
  commands.emplace_back("expand", seedfed::AddExpandCommand(app));
  commands.emplace_back("diff", seedfed::AddDiffCommand(app));
  commands.emplace_back("health", seedfed::AddHealthCommand(app));
  commands.emplace_back("verify", seedfed::AddVerifyCommand(app));
  commands.emplace_back("backup", seedfed::AddBackupCommand(app));
  commands.emplace_back("inspect", seedfed::AddInspectCommand(app));
  commands.emplace_back("plan", seedfed::AddPlanCommand(app));
  commands.emplace_back("reproduce", seedfed::AddReproduceCommand(app));

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    std::cerr << "seedfed: " << error.what() << "\n";
    return kBadInput;
  }
  for (const auto& [name, run] : commands) {
    if (app.got_subcommand(name)) return run();
  }
  return kBadInput;
}

}  // namespace

int main(int argc, char** argv) { return ParseAndRun(argc, argv); }

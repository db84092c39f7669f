#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "cli/backup_command.h"
#include "cli/clients_command.h"
#include "cli/compress_command.h"
#include "cli/control_commands.h"
#include "cli/diff_command.h"
#include "cli/events_command.h"
#include "cli/expand_command.h"
#include "cli/export_command.h"
#include "cli/finish_command.h"
#include "cli/health_command.h"
#include "cli/inspect_command.h"
#include "cli/plan_command.h"
#include "cli/predict_command.h"
#include "cli/reproduce_command.h"
#include "cli/rounds_command.h"
#include "cli/simulate_command.h"
#include "cli/status_command.h"
#include "cli/token_command.h"
#include "cli/unknown_subcommand.h"
#include "cli/verify_command.h"
#include "common/base/version.h"

namespace {

constexpr int kBadInput = 2;

constexpr char kTrain[] = "Train and compress";
constexpr char kOperate[] = "Run a federation";
constexpr char kLook[] = "Look inside";

struct Command {
  const char* group;
  const char* name;
  std::function<int()> (*add)(CLI::App&);
};

// In the order of the help text.
constexpr Command kCommands[] = {
    {kTrain, "simulate", seedfed::AddSimulateCommand},
    {kTrain, "plan", seedfed::AddPlanCommand},
    {kTrain, "compress", seedfed::AddCompressCommand},
    {kTrain, "expand", seedfed::AddExpandCommand},
    {kTrain, "diff", seedfed::AddDiffCommand},
    {kTrain, "reproduce", seedfed::AddReproduceCommand},
    {kOperate, "status", seedfed::AddStatusCommand},
    {kOperate, "clients", seedfed::AddClientsCommand},
    {kOperate, "rounds", seedfed::AddRoundsCommand},
    {kOperate, "events", seedfed::AddEventsCommand},
    {kOperate, "pause", seedfed::AddPauseCommand},
    {kOperate, "resume", seedfed::AddResumeCommand},
    {kOperate, "finish", seedfed::AddFinishCommand},
    {kOperate, "stop", seedfed::AddStopCommand},
    {kOperate, "health", seedfed::AddHealthCommand},
    {kOperate, "token", seedfed::AddTokenCommand},
    {kOperate, "export", seedfed::AddExportCommand},
    {kOperate, "predict", seedfed::AddPredictCommand},
    {kOperate, "backup", seedfed::AddBackupCommand},
    {kLook, "inspect", seedfed::AddInspectCommand},
    {kLook, "verify", seedfed::AddVerifyCommand},
};

int ParseAndRun(int argc, char** argv) {
  CLI::App app("Federated learning whose every message is made of 16-byte seeds.", "seedfed");
  app.set_version_flag("--version", std::string("seedfed ") + seedfed::Version());
  app.require_subcommand(1);
  app.footer("Help on a command: seedfed COMMAND --help");

  std::vector<std::function<int()>> run;
  for (const Command& command : kCommands) {
    run.push_back(command.add(app));
    app.get_subcommand(command.name)->group(command.group);
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    const std::string problem = seedfed::SubcommandProblem(app);
    std::cerr << "seedfed: " << (problem.empty() ? error.what() : problem) << "\n";
    return kBadInput;
  }
  for (size_t i = 0; i < run.size(); ++i) {
    if (app.got_subcommand(kCommands[i].name)) return run[i]();
  }
  return kBadInput;
}

}  // namespace

int main(int argc, char** argv) { return ParseAndRun(argc, argv); }

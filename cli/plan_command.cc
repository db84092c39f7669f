#include "cli/plan_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "cli/count_option.h"
#include "cli/plan/plan_report.h"
#include "cli/plan/size_plan.h"
#include "cli/simulate/options.h"

namespace seedfed {
namespace {

constexpr int kBadInput = 2;

constexpr const char* kExamples = R"(Examples:
  seedfed plan --model 784-256-128-10                     the default model, all codecs side by side
  seedfed plan --model 784-256-128-10 --tile 32,16,8      a tile side for each layer
  seedfed plan --params 13e9 --tile 32                    a number of weights without shapes
  seedfed plan --params 1M --codec ensemble --link 250    with the time on a link of 250 kbit/s
  seedfed plan --model 784-128-10 --json | jq .plans      for programs

Exit status: 0 planned, 2 bad input.)";

struct Options {
  PlanArguments arguments;
  bool json = false;
};

int Run(const Options& options) {
  const absl::StatusOr<PlanRequest> request = MakePlanRequest(options.arguments);
  if (!request.ok()) {
    std::cerr << "seedfed: " << request.status().message() << "\n";
    return kBadInput;
  }
  std::cout << (options.json ? PlanJson(*request) : PlanText(*request));
  return 0;
}

}  // namespace

std::function<int()> AddPlanCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  PlanArguments& arguments = options->arguments;
  CLI::App& command = *app.add_subcommand(
      "plan", "Work out what a model costs: words, bytes, memory, and time on slow links");
  command.footer(kExamples);
  command.add_option("--model", arguments.model, "Sizes of the network's layers")
      ->type_name("A-B-C");
  command
      .add_option("--params", arguments.params,
                  "Number of weights instead of a model: 235146, 13e9, 13B")
      ->type_name("N");
  command
      .add_option("--tile", arguments.tile,
                  "Side of a tile, a power of two from 4 to 256; one, or one per layer: 32,16,8")
      ->capture_default_str();
  command.add_option("--codec", arguments.codec,
                     "ensemble, single or dense (fp32 weights); all when not given");
  AddCount(command, "--phase-bits", arguments.phase_bits, 4, "2 or 4; no size depends on it");
  AddCount(command, "--clients", arguments.clients, kMostPlannedClients,
           "Clients that take part in each round");
  AddCount(command, "--rounds", arguments.rounds, kMostPlannedRounds, "Rounds of the whole run");
  command
      .add_option("--nbiot-kbps", arguments.nbiot_kbps,
                  "Rate that NB-IoT is assumed to give, both ways, kbit/s")
      ->capture_default_str()
      ->type_name("KBPS");
  command
      .add_option("--link", arguments.link_kbps, "Also plan a link of this rate, both ways, kbit/s")
      ->type_name("KBPS");
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

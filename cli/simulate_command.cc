#include "cli/simulate_command.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "cli/count_option.h"
#include "cli/simulate/display.h"
#include "cli/simulate/options.h"
#include "cli/simulate/signals.h"
#include "cli/simulate/simulation.h"
#include "common/base/clock.h"
#include "common/terminal/screen.h"

namespace seedfed {
namespace {

constexpr const char* kExamples = R"(Examples:
  seedfed simulate                                    60 rounds, 10 clients, about 4 kB a round each way
  seedfed simulate --tile 32 --rounds 20              288 bytes a round
  seedfed simulate --codec dense                      the yardstick: FedAvg with fp32 weights
  seedfed simulate --watch                            with a page that shows it live, until Ctrl-C
  seedfed simulate --alpha 0.3 --key 2 --json a.json  clients that see few labels each; figures in a file

Exit status: 0 finished, 1 a process failed, 2 bad input, 130 stopped by Ctrl-C or a signal.)";

std::filesystem::path OwnFolder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

std::filesystem::path TemporaryFolder() {
  const char* folder = getenv("TMPDIR");
  return folder == nullptr || *folder == '\0' ? "/tmp" : folder;
}

int Run(const SimulateOptions& options) {
  Signals signals;
  Display display(std::cout, ScreenOf(STDOUT_FILENO));
  return RunSimulation(options,
                       {.programs = OwnFolder(),
                        .temporary = TemporaryFolder(),
                        .signals = signals,
                        .clock = SystemClock(),
                        .errors = std::cerr},
                       display);
}

}  // namespace

std::function<int()> AddSimulateCommand(CLI::App& app) {
  const auto options = std::make_shared<SimulateOptions>();
  CLI::App& command = *app.add_subcommand(
      "simulate",
      "Train a federation of processes on this machine and show its accuracy and bytes");
  command.footer(kExamples);
  AddCount(command, "--rounds", options->rounds, kMostRounds, "Rounds to train");
  AddCount(command, "--clients", options->clients, kMostClients,
           "Client processes, each with its own part of the data");
  for (size_t i = 0; i < kServerOptions.size(); ++i) {
    const ServerOption& option = kServerOptions[i];
    command.add_option(option.flag, options->server_values[i], option.help)
        ->default_str(option.default_value)
        ->type_name(option.number ? "N" : "TEXT");
  }
  command
      .add_option(
          "--key", options->key,
          "Federation key, a number or 32 hexadecimal digits: all randomness follows from it")
      ->capture_default_str();
  command.add_option("--model", options->model, "Sizes of the network's layers")
      ->capture_default_str();
  command
      .add_option("--data", options->data,
                  "Folder of the IDX files: train-* and t10k-*, plain or .gz")
      ->capture_default_str()
      ->type_name("DIR");
  command
      .add_option("--json", options->json,
                  "Write settings, rounds and totals to this file at the end")
      ->type_name("FILE");
  command
      .add_option(
          "--keep", options->keep,
          "Put model, store and logs here (a new or an empty folder) instead of a temporary folder")
      ->type_name("DIR");
  CLI::Option* watch = command.add_flag(
      "--watch", options->watch, "Serve a page that shows the training; it stays until Ctrl-C");
  command
      .add_option(
          "--http", options->http,
          "Address of the page; default: 127.0.0.1:7780, or a free port where that is taken")
      ->type_name("HOST:PORT")
      ->needs(watch);
  return [options] { return Run(*options); };
}

}  // namespace seedfed

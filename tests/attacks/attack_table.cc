// Prints, as a markdown table, the final accuracy of a federation per attack and aggregation
// strategy. tests/attacks.sh builds and runs it; --help says more.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "server/aggregation/strategy.h"
#include "tests/attacks/attacked_federation.h"

namespace seedfed {
namespace {

struct Options {
  uint32_t rounds = 30;
  uint32_t clients = 10;
  uint32_t attackers = 3;
  std::string key = "1";
  std::string data = "/usr/share/datasets/fashion-mnist";
  std::vector<std::string> strategies = {"mean",       "median",     "trimmed_mean", "krum",
                                         "multi_krum", "norm_bound", "cosine"};
  std::vector<std::string> attacks;
  uint32_t threads = std::max(std::thread::hardware_concurrency(), 1U);
  std::vector<std::string> server_flags;
};

struct Cell {
  std::string strategy;
  Attack attack;
  ServerConfig config;
  absl::StatusOr<AttackedFederation::Result> result = absl::UnknownError("not run");
};

absl::StatusOr<std::vector<Cell>> Cells(const Options& options) {
  std::vector<Cell> cells;
  for (const std::string& name : options.attacks) {
    SEEDFED_ASSIGN_OR_RETURN(const Attack attack, ParseAttack(name));
    for (const std::string& strategy : options.strategies) {
      const std::string share =
          absl::StrCat(static_cast<double>(options.attackers) / options.clients);
      std::vector<std::string> flags = {"--rounds",      absl::StrCat(options.rounds),
                                        "--clients",     absl::StrCat(options.clients),
                                        "--shards",      absl::StrCat(options.clients),
                                        "--key",         options.key,
                                        "--attackers",   absl::StrCat(options.attackers),
                                        "--trim",        share,
                                        "--aggregation", strategy};
      flags.insert(flags.end(), options.server_flags.begin(), options.server_flags.end());
      SEEDFED_ASSIGN_OR_RETURN(ServerConfig config, FederationConfig(flags));
      cells.push_back({strategy, attack, std::move(config)});
    }
  }
  return cells;
}

// One federation is one thread's; which one does not change it.
void RunAll(const Options& options, const Examples& examples, std::vector<Cell>& cells) {
  std::atomic<size_t> next = 0;
  std::atomic<size_t> done = 0;
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < options.threads; ++i) {
    threads.emplace_back([&] {
      for (size_t at = next++; at < cells.size(); at = next++) {
        Cell& cell = cells[at];
        cell.result =
            AttackedFederation{cell.config, examples, cell.attack, options.attackers}.Run();
        std::fprintf(stderr, "%zu of %zu: %s, %s: %s\n", ++done, cells.size(),
                     std::string(AttackName(cell.attack)).c_str(), cell.strategy.c_str(),
                     cell.result.ok() ? absl::StrCat(cell.result->accuracy).c_str() : "failed");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

absl::Status Print(const Options& options, const std::vector<Cell>& cells) {
  std::string text = "| attack |";
  for (const std::string& strategy : options.strategies)
    absl::StrAppend(&text, " ", strategy, " |");
  absl::StrAppend(&text, "\n|---|");
  for (size_t i = 0; i < options.strategies.size(); ++i) absl::StrAppend(&text, "---|");
  for (size_t i = 0; i < cells.size(); ++i) {
    SEEDFED_RETURN_IF_ERROR(cells[i].result.status());
    if (i % options.strategies.size() == 0) {
      absl::StrAppend(&text, "\n| ", AttackName(cells[i].attack), " |");
    }
    char accuracy[16];
    std::snprintf(accuracy, sizeof accuracy, "%.4f", cells[i].result->accuracy);
    absl::StrAppend(&text, " ", accuracy, " |");
  }
  std::puts(text.c_str());
  return absl::OkStatus();
}

absl::Status Measure(const Options& options) {
  SEEDFED_ASSIGN_OR_RETURN(std::vector<Cell> cells, Cells(options));
  SEEDFED_ASSIGN_OR_RETURN(const Examples examples, LoadExamples(options.data, cells[0].config));
  RunAll(options, examples, cells);
  return Print(options, cells);
}

int Main(int argc, char** argv) {
  Options options;
  for (const Attack attack : AllAttacks()) options.attacks.emplace_back(AttackName(attack));
  CLI::App app(
      "Final accuracy of a federation per attack and aggregation strategy. trimmed_mean cuts off "
      "the "
      "attackers' share at each end, krum, multi_krum and cosine know their number; all else is "
      "default.");
  app.option_defaults()->always_capture_default();
  app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 100000));
  app.add_option("--clients", options.clients)->check(CLI::Range(1, 10000));
  app.add_option("--attackers", options.attackers, "the first of the clients");
  app.add_option("--key", options.key, "of the federation");
  app.add_option("--data", options.data, "folder of the IDX files");
  app.add_option("--strategies", options.strategies);
  app.add_option("--attacks", options.attacks);
  app.add_option("--threads", options.threads)->check(CLI::Range(1, 1024));
  app.add_option("--server", options.server_flags,
                 "more flags of seedfed-server, each as --server=--flag=value");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const absl::Status status = Measure(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "attacks: %s\n", std::string(status.message()).c_str());
  return absl::IsInvalidArgument(status) ? 2 : 1;
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) { return seedfed::Main(argc, argv); }

#include "cli/inspect_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "cli/inspect/inspect.h"
#include "cli/simulate/options.h"

namespace seedfed {
namespace {

constexpr int kNotValid = 1;
constexpr int kBadInput = 2;
constexpr uint32_t kMostWord = 1U << 30;

constexpr const char* kExamples = R"(Examples:
  seedfed inspect debc0a00000e00c0000000be0000403f        a word: every field, as single and as ensemble
  seedfed inspect 4523211151cc4eed                        Packed64, the integer half of a single word
  echo debc0a00000e00c0000000be0000403f | seedfed inspect - --codec single
  seedfed inspect model.seedfed                           a model: round, fingerprint, weights of its layers
  seedfed inspect run.words                               a words file: rounds, model, fingerprint
  seedfed inspect model.seeds                             a seed file of seedfed compress: its tensors
  seedfed inspect update.bin --model 784-256-128-10       an update's bytes; --word 7 shows one word of it
  seedfed inspect store --rounds 0 --json                 a server's store with its whole history

Exit status: 0 shown, 1 shown but not valid (a server would refuse it), 2 bad input.)";

uint32_t Count(const char* flag, const std::string& text, uint32_t most) {
  const absl::StatusOr<uint32_t> count = ParseCount(text, 0, most);
  if (!count.ok()) throw CLI::ValidationError(flag, std::string(count.status().message()));
  return *count;
}

int Run(const InspectOptions& options) {
  const absl::StatusOr<Inspection> inspection = Inspect(options, std::cin);
  if (!inspection.ok()) {
    std::cerr << "seedfed: " << inspection.status().message() << "\n";
    return kBadInput;
  }
  std::cout << inspection->text;
  return inspection->valid ? 0 : kNotValid;
}

}  // namespace

std::function<int()> AddInspectCommand(CLI::App& app) {
  const auto options = std::make_shared<InspectOptions>();
  CLI::App& command = *app.add_subcommand(
      "inspect", "Show what a word, a model, a seed file, an update or a server's store holds");
  command.footer(kExamples);
  command
      .add_option("input", options->input,
                  "A word (32 hexadecimal digits, or 16 of Packed64), a file, a store's folder, or "
                  "- for standard input")
      ->required();
  command.add_option(
      "--codec", options->codec,
      "How to read words: ensemble or single (an update also: dense); all that fit when not given");
  command
      .add_option("--model", options->model,
                  "The input is an update's bytes for a model of these sizes")
      ->type_name("A-B-C");
  command
      .add_option("--tile", options->tile,
                  "With --model: side of a tile, one, or one per layer: 32,16,8")
      ->capture_default_str();
  command
      .add_option_function<std::string>(
          "--word",
          [options](const std::string& text) { options->word = Count("--word", text, kMostWord); },
          "With --model: show this word of the update, counted from 0")
      ->type_name("N");
  command
      .add_option_function<std::string>(
          "--rounds",
          [options](const std::string& text) {
            options->rounds = Count("--rounds", text, kMostRounds);
          },
          "Rounds of a store's history to show, the last ones; 0: all")
      ->default_str(std::to_string(options->rounds))
      ->type_name("N");
  command.add_flag(
      "--show-key", options->show_key,
      "Show the secret key of a store's or words file's federation, or the key of a seed file");
  command.add_flag("--json", options->json, "Print a JSON document");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

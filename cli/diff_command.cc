#include "cli/diff_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "cli/compress/command_output.h"
#include "cli/compress/diff.h"
#include "cli/compress/seed_reader.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr int kDiffer = 1;

constexpr const char* kExamples = R"(Examples:
  seedfed diff model.safetensors model.seeds       what compression has lost
  seedfed diff a.npz b.safetensors --json          one JSON object on standard output
  seedfed diff run1/model.seedfed run2/model.seedfed

Tensors of equal names are compared in binary64; two files of one tensor each whatever the names.

Exit status: 0 the same values, 1 they differ, 2 an error.)";

struct Options {
  std::string a;
  std::string b;
  std::string json;
  bool quiet = false;
};

absl::StatusOr<bool> Run(const Options& options) {
  if (options.a == "-" && options.b == "-") {
    return absl::InvalidArgumentError(
        "both files are '-': only one of them can come from standard input");
  }
  SEEDFED_ASSIGN_OR_RETURN(CommandOutput messages,
                           CommandOutput::Create("", options.json, options.quiet));
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<TensorReader> a, OpenModelFile(options.a));
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<TensorReader> b, OpenModelFile(options.b));
  SEEDFED_ASSIGN_OR_RETURN(const ModelDifference difference, Diff(*a, *b));
  SEEDFED_RETURN_IF_ERROR(messages.Write(DiffText(difference, options.a, options.b),
                                         DiffJson(difference, options.a, options.b)));
  return difference.same();
}

}  // namespace

std::function<int()> AddDiffCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand("diff", "Compare the weights of two model files");
  command.footer(kExamples);
  command
      .add_option("a", options->a,
                  ".npy, .npz, .safetensors, seed file or snapshot; -: standard input")
      ->required()
      ->type_name("A");
  command.add_option("b", options->b, "The same")->required()->type_name("B");
  // An optional value must not take the next file's name for its own.
  command.add_flag("--json{-}", options->json,
                   "The comparison as a JSON object on standard output; --json=FILE: in a file");
  command.add_flag("--quiet", options->quiet, "Only the exit status");
  return [options] {
    const absl::StatusOr<bool> same = Run(*options);
    if (same.ok()) return *same ? kDone : kDiffer;
    Fail(same.status());
    return kBadInput;
  };
}

}  // namespace seedfed

#include "cli/export_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "cli/admin/admin_errors.h"
#include "cli/count_option.h"
#include "cli/export/export.h"
#include "cli/export/export_report.h"
#include "cli/model_source/source_options.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr uint32_t kMostRound = 1'000'000'000;

constexpr const char* kFooter = R"(Formats, by the name's extension or --format:
  .safetensors  layer.0.weight [outputs, inputs], layer.0.bias [outputs], ... as F32, with metadata
  .npz          the same for NumPy, with seedfed.round and the inputs' normalisation as numbers
  .seedfed      the model's snapshot: its exact integers
  .words        the words that the model follows from; of a rolling model with the federation key

Examples:
  seedfed export --to model.safetensors                          from the server on this machine
  seedfed export --server fed.example.org:7733 --admin-token-file token --to model.npz
  seedfed export --store seedfed-store --round 40 --to best.safetensors
  seedfed export --store backup/seedfed.db --to run.words
  seedfed export --model run.words --to model.safetensors        made again from the words

Exit status: 0 done; 1 the server is gone or failed, the disk is full, or the store is damaged; 2 bad
input, or a file that is there already.)";

struct Options {
  SourceOptions source;
  ExportOptions what;
  std::string format;
  uint32_t round = 0;  // 0: the last one
  bool without_key = false;
  bool force = false;
  bool json = false;
};

absl::Status Run(Options& options) {
  ExportOptions& what = options.what;
  SEEDFED_ASSIGN_OR_RETURN(what.format, ChooseExportFormat(options.format, what.to));
  if (options.json && what.to == "-") {
    return absl::InvalidArgumentError(
        "--to and --json both write to standard output: only one of them can");
  }
  what.if_there = options.force ? IfThere::kReplace : IfThere::kRefuse;
  what.with_key = !options.without_key;
  if (options.round > 0) what.round = options.round;
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<ModelSource> source, OpenSource(options.source));
  if (options.source.input_mean.has_value() != options.source.input_stddev.has_value()) {
    SEEDFED_ASSIGN_OR_RETURN(const auto known, source->Normalisation());
    SEEDFED_ASSIGN_OR_RETURN(what.normalisation, GivenNormalisation(options.source, known));
  } else {
    SEEDFED_ASSIGN_OR_RETURN(what.normalisation, GivenNormalisation(options.source, {}));
  }
  SEEDFED_ASSIGN_OR_RETURN(const Exported exported, ExportModel(*source, what));
  (what.to == "-" ? std::cerr : std::cout)
      << (options.json ? ExportJson(exported) : ExportText(exported));
  return absl::OkStatus();
}

}  // namespace

std::function<int()> AddExportCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand(
      "export", "Write a federation's model to a file, from a server, a store or another file");
  command.footer(kFooter);
  command.add_option("--to", options->what.to, "File to write; -: standard output")
      ->required()
      ->type_name("FILE");
  command
      .add_option("--format", options->format,
                  "safetensors, npz, snapshot or words; the default follows from the file's name")
      ->type_name("FORMAT");
  AddSourceOptions(command, "A model's snapshot, or a words file", options->source);
  AddCount(command, "--round", options->round, kMostRound,
           "The model after this round instead of the last one; its source must have the history");
  command.get_option("--round")->default_str("the last one");
  command.add_flag("--without-key", options->without_key,
                   "Leave the federation key out of a words file; who reads it needs the key from "
                   "elsewhere");
  command.add_flag("--force", options->force, "Replace a file that is there already");
  command.add_flag("--json", options->json, "Print what was written as a JSON object");
  return [options] {
    const absl::Status status = Run(*options);
    return status.ok() ? 0 : FailAdmin(status);
  };
}

}  // namespace seedfed

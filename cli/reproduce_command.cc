#include "cli/reproduce_command.h"

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/reproduce/code_search.h"
#include "cli/reproduce/compression_experiment.h"
#include "cli/reproduce/ensembles_experiment.h"
#include "cli/reproduce/results.h"
#include "cli/reproduce/streams.h"
#include "cli/reproduce/trained_layer.h"
#include "cli/reproduce/training_experiment.h"
#include "cli/simulate/options.h"
#include "cli/simulate/run_folder.h"
#include "common/base/clock.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

namespace fs = std::filesystem;

constexpr int kBadInput = 2;
constexpr const char* kStandardOutput = "-";

constexpr const char* kExamples = R"(Experiments:
  training      one word learns a radial 32 x 32 tile; the curve beside the published one
  compression   Packed128, Packed64, int8 and fp16 on four targets
  ensembles     many words for one matrix, beside the Shannon limit
  all           the three

Examples:
  seedfed reproduce training                          tables as text
  seedfed reproduce all --json -                      a JSON document on standard output
  seedfed reproduce training --picture pictures       also the learned tile and its error as PNG
  seedfed reproduce ensembles --codes 65536           choose each word's code out of more
  seedfed reproduce compression --csv table.csv       table, row, column, value

Exit status: 0 done, 2 bad input.)";

struct Options {
  std::string experiment;
  std::string json;
  std::string csv;
  std::string picture;
  std::string data = "/usr/share/datasets/fashion-mnist";
  uint64_t seed = 1;
  uint32_t codes = 4096;
};

absl::Status CheckFile(const char* flag, const std::string& path) {
  if (path.empty() || path == kStandardOutput) return absl::OkStatus();
  std::error_code error;
  const fs::path file = fs::absolute(path, error);
  if (fs::is_directory(file, error)) {
    return absl::InvalidArgumentError(
        absl::StrCat(flag, " ", path, " is a folder, expected a file"));
  }
  if (!fs::is_directory(file.parent_path(), error)) {
    return absl::NotFoundError(
        absl::StrCat(flag, " ", path, ": there is no folder ", file.parent_path().string()));
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const Options& options) {
  SEEDFED_RETURN_IF_ERROR(CheckFile("--json", options.json));
  SEEDFED_RETURN_IF_ERROR(CheckFile("--csv", options.csv));
  if (options.json == kStandardOutput && options.csv == kStandardOutput) {
    return absl::InvalidArgumentError(
        "--json and --csv are both -, expected standard output for one of them");
  }
  if (options.picture.empty()) return absl::OkStatus();
  std::error_code error;
  fs::create_directories(options.picture, error);
  if (fs::is_directory(options.picture, error)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--picture ", options.picture, " is not a folder and cannot be made one"));
}

bool Wants(const Options& options, const char* experiment) {
  return options.experiment == experiment || options.experiment == "all";
}

absl::StatusOr<TrainedLayer> Layer(const Options& options) {
  PhiloxStream random = ExperimentStream(options.seed, ExperimentPart::kTrainedLayer);
  return TrainLayer(options.data, random);
}

void Append(Results part, Results& all) {
  std::move(part.tables.begin(), part.tables.end(), std::back_inserter(all.tables));
  std::move(part.pictures.begin(), part.pictures.end(), std::back_inserter(all.pictures));
}

Results RunExperiments(const Options& options) {
  Results results;
  if (Wants(options, "training")) {
    Append(RunTrainingExperiment(options.seed, SystemClock()), results);
  }
  if (!Wants(options, "compression") && !Wants(options, "ensembles")) return results;
  const absl::StatusOr<TrainedLayer> layer = Layer(options);
  if (Wants(options, "compression")) {
    Append(RunCompressionExperiment(options.seed, layer), results);
  }
  if (Wants(options, "ensembles")) {
    Append(RunEnsemblesExperiment(options.seed, options.codes, layer), results);
  }
  return results;
}

absl::Status WriteFiles(const Options& options, const Results& results) {
  if (!options.json.empty() && options.json != kStandardOutput) {
    SEEDFED_RETURN_IF_ERROR(WriteFileAtomically(options.json, ResultsJson(results.tables)));
  }
  if (!options.csv.empty() && options.csv != kStandardOutput) {
    SEEDFED_RETURN_IF_ERROR(WriteFileAtomically(options.csv, ResultsCsv(results.tables)));
  }
  if (options.picture.empty()) return absl::OkStatus();
  for (const NamedPicture& picture : results.pictures) {
    SEEDFED_RETURN_IF_ERROR(
        WriteFileAtomically(fs::path(options.picture) / picture.file, picture.png));
  }
  return absl::OkStatus();
}

std::string StandardOutput(const Options& options, const Results& results) {
  if (options.json == kStandardOutput) return ResultsJson(results.tables);
  if (options.csv == kStandardOutput) return ResultsCsv(results.tables);
  return ResultsText(results.tables);
}

int BadInput(const absl::Status& status) {
  std::cerr << "seedfed: " << status.message() << "\n";
  return kBadInput;
}

int Run(const Options& options) {
  if (const absl::Status checked = CheckOptions(options); !checked.ok()) return BadInput(checked);
  const Results results = RunExperiments(options);
  if (const absl::Status written = WriteFiles(options, results); !written.ok()) {
    return BadInput(written);
  }
  std::cout << StandardOutput(options, results);
  return 0;
}

}  // namespace

std::function<int()> AddReproduceCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand(
      "reproduce", "Run the original experiments and compare with what was published");
  command.footer(kExamples);
  command
      .add_option_function<std::string>(
          "experiment",
          [options](const std::string& name) {
            for (const char* known : {"training", "compression", "ensembles", "all"}) {
              if (name != known) continue;
              options->experiment = name;
              return;
            }
            throw CLI::ValidationError(
                "experiment",
                "'" + name +
                    "' is no experiment; expected training, compression, ensembles or all");
          },
          "training, compression, ensembles or all")
      ->required()
      ->type_name("NAME");
  command.add_option("--json", options->json, "Write the tables as JSON; - for standard output")
      ->type_name("FILE");
  command.add_option("--csv", options->csv, "Write the tables as CSV; - for standard output")
      ->type_name("FILE");
  command.add_option("--picture", options->picture, "Write pictures (PNG) to this folder")
      ->type_name("DIR");
  command
      .add_option(
          "--data", options->data,
          "Folder of the IDX files a layer is trained on; without them its rows are left out")
      ->capture_default_str()
      ->type_name("DIR");
  command
      .add_option_function<std::string>(
          "--seed",
          [options](const std::string& text) {
            if (absl::SimpleAtoi(text, &options->seed)) return;
            throw CLI::ValidationError(
                "--seed", "'" + text + "' is not a whole number from 0 to 18446744073709551615");
          },
          "Where random starts and matrices come from")
      ->default_str(std::to_string(options->seed))
      ->type_name("N");
  command
      .add_option_function<std::string>(
          "--codes",
          [options](const std::string& text) {
            const absl::StatusOr<uint32_t> count = ParseCount(text, 2, kCodes);
            if (!count.ok()) {
              throw CLI::ValidationError("--codes", std::string(count.status().message()));
            }
            options->codes = *count;
          },
          "ensembles: rotation codes tried for each word, 2 to 1,048,576; 65,536 take half a "
          "minute")
      ->default_str(std::to_string(options->codes))
      ->type_name("N");
  return [options] { return Run(*options); };
}

}  // namespace seedfed

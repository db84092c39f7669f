#include "cli/predict_command.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/admin/admin_errors.h"
#include "cli/model_source/source_options.h"
#include "cli/predict/example_reader.h"
#include "cli/predict/predict.h"
#include "cli/predict/prediction_file.h"
#include "cli/predict/report.h"
#include "cli/predict/trained_network.h"
#include "cli/simulate/options.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr uint32_t kMostRows = 1'000'000'000;

constexpr const char* kFooter =
    R"(Inputs are read in parts: memory does not grow with them. Bytes (images, and '|u1' arrays) stand for byte / 255.

Examples:
  seedfed predict --data /usr/share/datasets/fashion-mnist           the server's model on the test images
  seedfed predict --model model.safetensors --images t10k-images-idx3-ubyte.gz
  seedfed predict --model run.words --csv table.csv --label-column class --output predictions.csv
  seedfed predict --store seedfed-store --npy x.npy --labels y.npy --json

Exit status: 0 done; 1 the server is gone or failed, the disk is full, or the store is damaged; 2 bad
input, or a file that is there already.)";

struct Options {
  SourceOptions source;
  InputOptions input;
  std::string split = "test";
  std::string output;
  uint32_t rows = 20;
  bool in_seeds = false;
  bool force = false;
  bool json = false;
};

// Where predictions go besides the table: --output, and standard output with --json.
class PredictionFiles {
 public:
  absl::Status Open(const std::string& path, PredictionFormat format, IfThere if_there,
                    size_t classes, bool labelled, const std::string& head) {
    SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<OutputFile> out, OutputFile::Create(path, if_there));
    SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<PredictionFile> file,
                             CreatePredictionFile(std::move(out), format, classes, labelled, head));
    files_.push_back(std::move(file));
    return absl::OkStatus();
  }

  absl::Status Add(const Prediction& prediction) {
    for (const auto& file : files_) SEEDFED_RETURN_IF_ERROR(file->Add(prediction));
    return absl::OkStatus();
  }

  absl::Status Finish(const PredictResult& result) {
    for (const auto& file : files_) {
      SEEDFED_RETURN_IF_ERROR(file->Finish(result, JsonEnd(result)));
    }
    return absl::OkStatus();
  }

 private:
  std::vector<std::unique_ptr<PredictionFile>> files_;
};

absl::Status Run(Options& options) {
  options.input.split = options.split == "train" ? Split::kTrain : Split::kTest;
  std::optional<PredictionFormat> format;
  if (!options.output.empty()) {
    SEEDFED_ASSIGN_OR_RETURN(format, PredictionFormatOf(options.output));
  }
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<ExampleReader> examples,
                           OpenExamples(options.input));
  SEEDFED_ASSIGN_OR_RETURN(const TrainedNetwork network,
                           OpenNetwork(options.source, options.in_seeds));
  SEEDFED_ASSIGN_OR_RETURN(const std::optional<InputNormalisation> given,
                           GivenNormalisation(options.source, network.normalisation));
  const InputNormalisation normalisation =
      given.value_or(network.normalisation.value_or(DefaultNormalisation()));

  const size_t classes = network.layers.back().rows;
  const std::string head = JsonHead(network, normalisation);
  PredictionFiles files;
  if (format) {
    SEEDFED_RETURN_IF_ERROR(files.Open(options.output, *format,
                                       options.force ? IfThere::kReplace : IfThere::kRefuse,
                                       classes, examples->labelled(), head));
  }
  if (options.json) {
    SEEDFED_RETURN_IF_ERROR(files.Open("-", PredictionFormat::kJson, IfThere::kReplace, classes,
                                       examples->labelled(), head));
  }
  PredictionTable table(options.rows, examples->labelled());
  SEEDFED_ASSIGN_OR_RETURN(const PredictResult result, Predict(network, normalisation, *examples,
                                                               [&](const Prediction& prediction) {
                                                                 table.Add(prediction);
                                                                 return files.Add(prediction);
                                                               }));
  SEEDFED_RETURN_IF_ERROR(files.Finish(result));
  if (!options.json) {
    std::cout << table.Text(result.examples) << SummaryText(network, normalisation, result);
  }
  return absl::OkStatus();
}

}  // namespace

std::function<int()> AddPredictCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command = *app.add_subcommand(
      "predict", "Run a federation's model on examples, from a server, a store or a file");
  command.footer(kFooter);
  command
      .add_option("--data", options->input.data,
                  "Folder of IDX files in MNIST's names, plain or .gz")
      ->type_name("DIR");
  command.add_option("--split", options->split, "With --data: test or train")
      ->capture_default_str()
      ->check(CLI::IsMember({"test", "train"}).description(""))
      ->type_name("PART");
  command.add_option("--images", options->input.images, "IDX file of images, plain or .gz")
      ->type_name("FILE");
  command
      .add_option(
          "--npy", options->input.npy,
          "NumPy array, examples x inputs or examples x height x width: '|u1', '<f2', '<f4' "
          "or '<f8'")
      ->type_name("FILE");
  command
      .add_option("--labels", options->input.labels,
                  "Labels of --images or --npy: an IDX file, or a NumPy array of whole numbers")
      ->type_name("FILE");
  command
      .add_option("--csv", options->input.csv,
                  "Table of numbers, one example per line, plain or .gz")
      ->type_name("FILE");
  command
      .add_option(
          "--label-column", options->input.label_column,
          "The column of the table that holds the labels: its name in the first line, or its "
          "index from 0; without it all columns are inputs")
      ->type_name("NAME|INDEX");
  AddSourceOptions(command,
                   "A .safetensors or .npz file of seedfed export, a snapshot, or a words file",
                   options->source);
  command.add_flag(
      "--in-seeds", options->in_seeds,
      "Multiply by the seeds of a model in pure mode, without making its weights: about "
      "a tenth of the memory");
  command
      .add_option_function<std::string>(
          "--rows",
          [options](const std::string& text) {
            const absl::StatusOr<uint32_t> rows = ParseCount(text, 0, kMostRows);
            if (!rows.ok()) {
              throw CLI::ValidationError("--rows", std::string(rows.status().message()));
            }
            options->rows = *rows;
          },
          "Predictions to show")
      ->default_str("20")
      ->type_name("N");
  command
      .add_option(
          "--output", options->output,
          "Write all predictions to this file: .csv or .json (class and its probability), or "
          ".npy (the probabilities of all classes)")
      ->type_name("FILE");
  command.add_flag("--force", options->force, "Replace a file that is there already");
  command.add_flag("--json", options->json,
                   "Print all predictions and the summary as a JSON object");
  return [options] {
    const absl::Status status = Run(*options);
    return status.ok() ? 0 : FailAdmin(status);
  };
}

}  // namespace seedfed

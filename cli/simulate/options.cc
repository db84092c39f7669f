#include "cli/simulate/options.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/model/spec.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

namespace fs = std::filesystem;

// The files of an IDX data set, each plain or with ".gz".
constexpr std::array<const char*, 4> kDataFiles = {
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte"};

std::string Address(uint16_t port) { return absl::StrCat("127.0.0.1:", port); }

}  // namespace

absl::StatusOr<uint32_t> ParseCount(absl::string_view text, uint32_t least, uint32_t most) {
  uint32_t number;
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (!digits || !absl::SimpleAtoi(text, &number) || number < least || number > most) {
    return absl::InvalidArgumentError(absl::StrCat("'", text, "' is not a whole number from ",
                                                   WithSeparators(least), " to ",
                                                   WithSeparators(most)));
  }
  return number;
}

absl::Status CheckFiles(const SimulateOptions& options) {
  std::error_code error;
  const fs::path data = options.data;
  if (!fs::is_directory(data, error)) {
    return absl::NotFoundError(
        absl::StrCat("--data ", options.data,
                     " is not a folder, expected one with the IDX files of a data set "
                     "(Debian: apt install dataset-fashion-mnist)"));
  }
  for (const char* name : kDataFiles) {
    if (fs::exists(data / name, error) || fs::exists(data / absl::StrCat(name, ".gz"), error))
      continue;
    return absl::NotFoundError(
        absl::StrCat("--data ", options.data, " has neither ", name, " nor ", name, ".gz"));
  }
  if (!options.json.empty()) {
    const fs::path file = fs::absolute(options.json, error);
    if (fs::is_directory(file, error)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--json ", options.json, " is a folder, expected a file"));
    }
    if (!fs::is_directory(file.parent_path(), error)) {
      return absl::NotFoundError(absl::StrCat("--json ", options.json, ": there is no folder ",
                                              file.parent_path().string()));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> ModelWeights(const SimulateOptions& options) {
  constexpr std::array<uint32_t, 1> kAnyTile = {8};
  SEEDFED_ASSIGN_OR_RETURN(const std::vector<LayerSpec> layers, MlpLayers(options.model, kAnyTile));
  uint64_t weights = 0;
  for (const LayerSpec& layer : layers) weights += layer.weights();
  return weights;
}

std::vector<std::string> ServerArguments(const SimulateOptions& options, const RunFolder& folder) {
  std::vector<std::string> arguments = {"--listen",       Address(0),
                                        "--port-file",    folder.port_file().string(),
                                        "--store",        folder.store().string(),
                                        "--export-model", folder.model().string(),
                                        "--rounds",       absl::StrCat(options.rounds),
                                        "--clients",      absl::StrCat(options.clients),
                                        "--shards",       absl::StrCat(options.clients),
                                        "--key",          options.key,
                                        "--model",        options.model};
  if (options.watch) {
    arguments.insert(arguments.end(), {"--http-port-file", folder.http_port_file().string()});
    if (!options.http.empty()) arguments.insert(arguments.end(), {"--http", options.http});
  } else {
    arguments.insert(arguments.end(), {"--http", "none", "--exit-when-done"});
  }
  for (size_t i = 0; i < kServerOptions.size(); ++i) {
    if (!options.server_values[i].has_value()) continue;
    arguments.push_back(kServerOptions[i].server_flag);
    arguments.push_back(*options.server_values[i]);
  }
  return arguments;
}

std::vector<std::string> ClientArguments(const SimulateOptions& options, uint16_t port,
                                         uint32_t client) {
  return {"--server", Address(port), "--id", absl::StrCat("client-", client),
          "--data",   options.data};
}

std::vector<std::string> EvaluatorArguments(const SimulateOptions& options, uint16_t port,
                                            const RunFolder& folder) {
  return {"--server",   Address(port), "--id",
          "evaluator",  "--evaluate",  "--data",
          options.data, "--json",      folder.rounds().string()};
}

}  // namespace seedfed

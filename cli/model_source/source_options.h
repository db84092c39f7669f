#ifndef SEEDFED_CLI_MODEL_SOURCE_SOURCE_OPTIONS_H_
#define SEEDFED_CLI_MODEL_SOURCE_SOURCE_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/admin/admin_options.h"
#include "cli/model_source/input_normalisation.h"
#include "cli/model_source/model_source.h"

namespace seedfed {

// Where a command takes its model from: a file, else a store, else a running server.
struct SourceOptions {
  std::string model;
  std::string store;
  std::string key_file;  // empty: none
  AdminOptions admin;
  std::optional<double> input_mean, input_stddev;
};

// Adds --model, --store, --key-file, --input-mean, --input-stddev and the options of
// AddAdminOptions, at most one of --model, --store and --server. `model_help` says what the file
// may be. `options` must outlive the command.
void AddSourceOptions(CLI::App& command, const char* model_help, SourceOptions& options);

// Opens what the options name. InvalidArgument when --model is neither a snapshot nor a words file.
absl::StatusOr<std::unique_ptr<ModelSource>> OpenSource(const SourceOptions& options);

// The key of --key-file, if it was given.
absl::StatusOr<std::optional<FederationKey>> GivenKey(const SourceOptions& options);

// What --input-mean and --input-stddev say; where only one is given, the other is that of `known`,
// or else the default. Absent when none is given.
absl::StatusOr<std::optional<InputNormalisation>> GivenNormalisation(
    const SourceOptions& options, const std::optional<InputNormalisation>& known);

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_SOURCE_OPTIONS_H_

#include "cli/model_source/source_options.h"

#include "cli/model_source/open_file.h"
#include "cli/model_source/server_source.h"
#include "cli/model_source/store_source.h"
#include "cli/tensor_files/input_file.h"
#include "common/base/status.h"

namespace seedfed {

void AddSourceOptions(CLI::App& command, const char* model_help, SourceOptions& options) {
  CLI::Option* model = command.add_option("--model", options.model, model_help)->type_name("FILE");
  CLI::Option* store =
      command
          .add_option("--store", options.store,
                      "A server's store, or a back-up's file; a server may run on it")
          ->type_name("DIR");
  AddAdminOptions(command, options.admin);
  CLI::Option* server = command.get_option("--server");
  model->excludes(store)->excludes(server);
  store->excludes(server);
  command
      .add_option("--key-file", options.key_file,
                  "File with the federation key, for a words file that does not hold it")
      ->type_name("FILE");
  command
      .add_option(
          "--input-mean", options.input_mean,
          "Inputs enter the network as (x - mean) / stddev; the default is what the model's "
          "source says")
      ->type_name("NUMBER");
  command.add_option("--input-stddev", options.input_stddev, "See --input-mean")
      ->type_name("NUMBER");
}

absl::StatusOr<std::unique_ptr<ModelSource>> OpenSource(const SourceOptions& options) {
  if (!options.store.empty()) return StoreSource::Open(options.store);
  if (options.model.empty()) return ServerSource::Open(options.admin);
  SEEDFED_ASSIGN_OR_RETURN(const std::optional<FederationKey> key, GivenKey(options));
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<InputFile> file, InputFile::Open(options.model));
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<ModelSource> source, OpenModelSource(file, key));
  if (source != nullptr) return source;
  return file->Bad("neither a model's snapshot nor a words file");
}

absl::StatusOr<std::optional<FederationKey>> GivenKey(const SourceOptions& options) {
  if (options.key_file.empty()) return std::nullopt;
  SEEDFED_ASSIGN_OR_RETURN(const FederationKey key, ReadKeyFile(options.key_file));
  return key;
}

absl::StatusOr<std::optional<InputNormalisation>> GivenNormalisation(
    const SourceOptions& options, const std::optional<InputNormalisation>& known) {
  if (!options.input_mean && !options.input_stddev) return std::nullopt;
  InputNormalisation given = known.value_or(DefaultNormalisation());
  if (options.input_mean) given.mean = *options.input_mean;
  if (options.input_stddev) given.stddev = *options.input_stddev;
  SEEDFED_RETURN_IF_ERROR(CheckNormalisation(given));
  return given;
}

}  // namespace seedfed

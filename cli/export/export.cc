#include "cli/export/export.h"

#include <array>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/export/model_tensors.h"
#include "cli/tensor_files/snapshot_reader.h"
#include "cli/tensor_files/tensor_writer.h"
#include "common/base/status.h"
#include "common/base/version.h"
#include "common/model/model.h"
#include "common/model/snapshot.h"

namespace seedfed {
namespace {

struct Named {
  ExportFormat format;
  absl::string_view name;
  absl::string_view extension;
};

constexpr std::array<Named, 4> kFormats = {{
    {ExportFormat::kSafetensors, "safetensors", ".safetensors"},
    {ExportFormat::kNpz, "npz", ".npz"},
    {ExportFormat::kSnapshot, "snapshot", ".seedfed"},
    {ExportFormat::kWords, "words", ".words"},
}};

absl::StatusOr<std::string> TakeSnapshot(ModelSource& source, const ExportOptions& options) {
  SEEDFED_ASSIGN_OR_RETURN(std::string snapshot, source.Snapshot());
  if (!options.round) return snapshot;
  SEEDFED_ASSIGN_OR_RETURN(const SnapshotView view, ReadSnapshot(snapshot));
  if (view.round == *options.round) return snapshot;
  if (*options.round > view.round) {
    return absl::OutOfRangeError(absl::StrCat("round ", *options.round,
                                              " is not complete: ", source.name(),
                                              " has the model after round ", view.round));
  }
  return RebuildSnapshot(source, view.spec, *options.round);
}

absl::Status WriteTensorFile(std::string snapshot, const Exported& exported, OutputFile& out) {
  SEEDFED_ASSIGN_OR_RETURN(std::unique_ptr<TensorReader> model,
                           OpenSnapshotBytes(exported.file, std::move(snapshot)));
  Metadata more = {{"seedfed.version", std::string(Version())}};
  if (exported.normalisation) AddNormalisation(*exported.normalisation, more);
  // Only safetensors files keep metadata.
  if (exported.format == ExportFormat::kSafetensors) {
    ModelTensors tensors(std::move(model), more, {});
    return WriteTensors(tensors, FileFormat::kSafetensors, out);
  }
  ModelTensors tensors(std::move(model), more,
                       {"seedfed.round", "seedfed.input_mean", "seedfed.input_stddev"});
  return WriteTensors(tensors, FileFormat::kNpz, out);
}

// The words of all rounds, each checked to be the next, up to the model's fingerprint.
absl::Status WriteHistory(ModelSource& source, const WordsHeader& header, const FederationKey& key,
                          WordsWriter& writer) {
  SEEDFED_ASSIGN_OR_RETURN(Model model, Model::Create(header.spec, key));
  SEEDFED_RETURN_IF_ERROR(
      source.ReadRounds(header.round, [&](uint32_t round, absl::string_view words) {
        if (const absl::Status applied = model.Apply(round, words); !applied.ok()) {
          return absl::DataLossError(absl::StrCat("round ", round, " from ", source.name(),
                                                  " is not valid: ", applied.message()));
        }
        return writer.Add(words);
      }));
  if (model.round() == header.round && model.fingerprint() == header.fingerprint) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat("the words of ", model.round(), " rounds from ",
                                          source.name(), " lead to the fingerprint ",
                                          ToHex(model.fingerprint()), "; the model after round ",
                                          header.round, " has ", ToHex(header.fingerprint)));
}

absl::Status WriteWords(ModelSource& source, const SnapshotView& view, bool with_key,
                        Exported& exported, OutputFile& out) {
  WordsHeader header;
  header.round = view.round;
  header.fingerprint = view.fingerprint;
  header.normalisation = exported.normalisation;
  header.spec = view.spec;
  WordsWriter writer(out);
  if (view.spec.mode == Mode::kPure) {
    SEEDFED_RETURN_IF_ERROR(writer.Begin(header));
    SEEDFED_RETURN_IF_ERROR(writer.Add(view.payload));
    return writer.End();
  }
  SEEDFED_ASSIGN_OR_RETURN(const std::optional<FederationKey> key, source.Key());
  if (!key) {
    // A source without a key has no history either; its own sentence says where to find one.
    SEEDFED_RETURN_IF_ERROR(
        source.ReadRounds(0, [](uint32_t, absl::string_view) { return absl::OkStatus(); }));
    return absl::FailedPreconditionError(
        absl::StrCat(source.name(), " does not hold the federation key"));
  }
  if (with_key) {
    header.key = key;
    exported.holds_key = true;
    SEEDFED_RETURN_IF_ERROR(out.MakePrivate());
  }
  SEEDFED_RETURN_IF_ERROR(writer.Begin(header));
  SEEDFED_RETURN_IF_ERROR(WriteHistory(source, header, *key, writer));
  return writer.End();
}

}  // namespace

absl::string_view ExportFormatName(ExportFormat format) {
  for (const Named& named : kFormats) {
    if (named.format == format) return named.name;
  }
  return "unknown";
}

absl::StatusOr<ExportFormat> ChooseExportFormat(absl::string_view name, absl::string_view path) {
  for (const Named& named : kFormats) {
    if (name.empty() ? absl::EndsWith(path, named.extension) : name == named.name) {
      return named.format;
    }
  }
  if (!name.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("format '", name, "' is not safetensors, npz, snapshot or words"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the output '", path,
                   "' does not end in .safetensors, .npz, .seedfed or .words; name the format with "
                   "--format"));
}

absl::StatusOr<Exported> ExportModel(ModelSource& source, const ExportOptions& options) {
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> out,
                           OutputFile::Create(options.to, options.if_there));
  SEEDFED_ASSIGN_OR_RETURN(std::string snapshot, TakeSnapshot(source, options));
  SEEDFED_ASSIGN_OR_RETURN(const SnapshotView view, ReadSnapshot(snapshot));
  Exported exported;
  exported.file = options.to;
  exported.format = options.format;
  exported.round = view.round;
  exported.fingerprint = view.fingerprint;
  exported.model = DescribeLayers(view.spec.layers);
  exported.weights = view.spec.weights();
  if (options.format != ExportFormat::kSnapshot) {
    exported.normalisation = options.normalisation;
    if (!exported.normalisation) {
      SEEDFED_ASSIGN_OR_RETURN(exported.normalisation, source.Normalisation());
    }
  }
  switch (options.format) {
    case ExportFormat::kSafetensors:
    case ExportFormat::kNpz:
      SEEDFED_RETURN_IF_ERROR(WriteTensorFile(std::move(snapshot), exported, *out));
      break;
    case ExportFormat::kSnapshot:
      SEEDFED_RETURN_IF_ERROR(out->Write(snapshot));
      break;
    case ExportFormat::kWords:
      SEEDFED_RETURN_IF_ERROR(WriteWords(source, view, options.with_key, exported, *out));
      break;
  }
  exported.bytes = out->size();
  SEEDFED_ASSIGN_OR_RETURN(exported.digest, out->Digest());
  SEEDFED_RETURN_IF_ERROR(out->Commit());
  return exported;
}

}  // namespace seedfed

#include "cli/compress_command.h"

#include <unistd.h>

#include <bit>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "cli/compress/command_output.h"
#include "cli/compress/compressor.h"
#include "cli/compress/report.h"
#include "cli/compress/seed_reader.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/terminal/progress_bar.h"
#include "common/terminal/screen.h"

namespace seedfed {
namespace {

constexpr const char* kExamples = R"(Examples:
  seedfed compress model.safetensors -o model.seeds            8x8 tiles, best of 256 codes
  seedfed compress model.npz -o model.seeds --tile 16 --codes 4096
  seedfed compress w.npy -o w.seeds --codes 1                  no search: 0.13 bits per weight
  cat w.npy | seedfed compress - -o - --quiet | seedfed expand - -o w2.npy

Matrices are cut in tiles; each tile becomes a seed of the code, among N, that fits it best. Seeds
keep only a part of the weights: the report says how much, and what any code could keep at as many
bits. A tensor is stored as it is when it has fewer than two dimensions, fewer rows or columns than
a tile, or would not shrink. The file's format: docs/seed-files.md.

Exit status: 0 done, 1 the output could not be written, 2 bad input.)";

struct Options {
  std::string input;
  std::string output;
  std::string tile = "8";
  std::string codes = "256";
  std::string codec = "ensemble";
  std::string phase_bits = "2";
  std::string key = "1";
  std::string json;
  bool quiet = false;
};

// `text` as a whole number, or nothing.
std::optional<uint32_t> Number(const std::string& text) {
  uint32_t number = 0;
  return absl::SimpleAtoi(text, &number) ? std::optional(number) : std::nullopt;
}

absl::StatusOr<CompressSettings> Settings(const Options& options) {
  CompressSettings settings;
  const uint32_t tile = Number(options.tile).value_or(0);
  if (tile < 4 || tile > 256 || !std::has_single_bit(tile)) {
    return absl::InvalidArgumentError(
        absl::StrCat("--tile ", options.tile, " is not 4, 8, 16, 32, 64, 128 or 256"));
  }
  settings.tile = tile;
  settings.codes = Number(options.codes).value_or(0);
  if (settings.codes < 1 || settings.codes > kMostCodes) {
    return absl::InvalidArgumentError(
        absl::StrCat("--codes ", options.codes, " is not a whole number from 1 to ", kMostCodes));
  }
  if (options.codec != "ensemble" && options.codec != "single") {
    return absl::InvalidArgumentError(
        absl::StrCat("--codec ", options.codec, " is not ensemble or single"));
  }
  settings.codec = options.codec == "single" ? Codec::kSingle : Codec::kEnsemble;
  if (options.phase_bits != "2" && options.phase_bits != "4") {
    return absl::InvalidArgumentError(
        absl::StrCat("--phase-bits ", options.phase_bits, " is not 2 or 4"));
  }
  settings.phase_bits = options.phase_bits == "4" ? 4 : 2;
  SEEDFED_ASSIGN_OR_RETURN(settings.key, FederationKey::Parse(options.key));
  return settings;
}

absl::Status Run(const Options& options) {
  SEEDFED_ASSIGN_OR_RETURN(const CompressSettings settings, Settings(options));
  SEEDFED_ASSIGN_OR_RETURN(CommandOutput messages,
                           CommandOutput::Create(options.output, options.json, options.quiet));
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> out,
                           OutputFile::Create(options.output));
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<TensorReader> input, OpenModelFile(options.input));
  if (input->format() == "seeds") {
    return absl::InvalidArgumentError(
        absl::StrCat(options.input, " is a seed file already; expand it first"));
  }
  absl::StatusOr<CompressReport> report;
  {
    ProgressBar bar(std::cerr, options.quiet ? Screen{} : ScreenOf(STDERR_FILENO), SystemClock(),
                    "compress", TotalBytes(input->tensors()));
    MeteredReader metered(*input, [&bar](uint64_t done) { bar.Update(done); });
    report = Compress(metered, settings, *out);
  }
  if (!report.ok()) return report.status();
  SEEDFED_RETURN_IF_ERROR(out->Commit());
  return messages.Write(CompressText(*report),
                        CompressJson(*report, options.input, options.output));
}

}  // namespace

std::function<int()> AddCompressCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("compress", "Turn the tensors of a model file into a seed file");
  command.footer(kExamples);
  command
      .add_option("input", options->input,
                  ".npy, .npz or .safetensors file, or a snapshot; -: standard input")
      ->required()
      ->type_name("IN");
  command.add_option("-o,--output", options->output, "Seed file to write; -: standard output")
      ->required()
      ->type_name("OUT");
  command.add_option("--tile", options->tile, "Side of a tile, a power of two from 4 to 256")
      ->capture_default_str()
      ->type_name("N");
  command
      .add_option("--codes", options->codes,
                  "Codes to choose from for each tile, 1 to 1048576; time grows with it")
      ->capture_default_str()
      ->type_name("N");
  command
      .add_option("--codec", options->codec,
                  "ensemble: a word for 15 tiles; single: a word for each tile")
      ->capture_default_str();
  command.add_option("--phase-bits", options->phase_bits, "2 (four phases) or 4 (sixteen)")
      ->capture_default_str()
      ->type_name("N");
  command
      .add_option(
          "--key", options->key,
          "With --codes 1: the key that codes follow from, a number or 32 hexadecimal digits")
      ->capture_default_str();
  command.add_option("--json", options->json, "Write the report to this file; -: standard output")
      ->type_name("FILE");
  command.add_flag("--quiet", options->quiet, "No report and no progress bar");
  return [options] {
    const absl::Status status = Run(*options);
    return status.ok() ? kDone : Fail(status);
  };
}

}  // namespace seedfed

#include "cli/expand_command.h"

#include <unistd.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/compress/command_output.h"
#include "cli/compress/seed_reader.h"
#include "cli/tensor_files/tensor_writer.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/terminal/progress_bar.h"
#include "common/terminal/screen.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

constexpr const char* kExamples = R"(Examples:
  seedfed expand model.seeds -o model.safetensors
  seedfed expand model.seedfed -o model.npz            a snapshot of a federation's model
  seedfed expand - -o - --format npy <w.seeds >w.npy

Tensors keep their names, shapes and dtypes. An .npy file holds one tensor, and NumPy files hold no
BF16.

Exit status: 0 done, 1 the output could not be written, 2 bad input.)";

struct Options {
  std::string input;
  std::string output;
  std::string format;
  std::string json;
  bool quiet = false;
};

std::string ReportText(const Options& options, const TensorReader& input, uint64_t bytes_out) {
  const size_t tensors = input.tensors().size();
  return absl::StrCat(tensors, tensors == 1 ? " tensor, " : " tensors, ",
                      ByteCount(TotalBytes(input.tensors())), " of values, in ",
                      options.output == "-" ? "standard output" : options.output, " (",
                      ByteCount(bytes_out), ").\n");
}

std::string ReportJson(const Options& options, const TensorReader& input, FileFormat format,
                       uint64_t bytes_out) {
  using nlohmann::ordered_json;
  ordered_json tensors = ordered_json::array();
  for (const TensorInfo& info : input.tensors()) {
    tensors.push_back({{"name", info.name},
                       {"shape", info.shape},
                       {"dtype", std::string(DTypeName(info.dtype))},
                       {"bytes", info.bytes()}});
  }
  const ordered_json document = {{"input", options.input},
                                 {"output", options.output},
                                 {"format", std::string(FormatName(format))},
                                 {"tensors", std::move(tensors)},
                                 {"bytes_out", bytes_out}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

absl::Status Run(const Options& options) {
  SEEDFED_ASSIGN_OR_RETURN(const FileFormat format, options.format.empty()
                                                        ? FormatOfPath(options.output)
                                                        : ParseFormat(options.format));
  SEEDFED_ASSIGN_OR_RETURN(CommandOutput messages,
                           CommandOutput::Create(options.output, options.json, options.quiet));
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> out,
                           OutputFile::Create(options.output));
  SEEDFED_ASSIGN_OR_RETURN(const std::unique_ptr<TensorReader> input, OpenModelFile(options.input));
  if (input->format() != "seeds" && input->format() != "snapshot") {
    return absl::InvalidArgumentError(absl::StrCat(options.input, " is a plain .", input->format(),
                                                   " file; expected a seed file or a snapshot"));
  }
  absl::Status written;
  {
    ProgressBar bar(std::cerr, options.quiet ? Screen{} : ScreenOf(STDERR_FILENO), SystemClock(),
                    "expand", TotalBytes(input->tensors()));
    MeteredReader metered(*input, [&bar](uint64_t done) { bar.Update(done); });
    written = WriteTensors(metered, format, *out);
  }
  SEEDFED_RETURN_IF_ERROR(written);
  SEEDFED_RETURN_IF_ERROR(out->Commit());
  return messages.Write(ReportText(options, *input, out->size()),
                        ReportJson(options, *input, format, out->size()));
}

}  // namespace

std::function<int()> AddExpandCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("expand", "Turn a seed file or a snapshot into tensors again");
  command.footer(kExamples);
  command.add_option("input", options->input, "Seed file, or model.seedfed; -: standard input")
      ->required()
      ->type_name("IN");
  command
      .add_option("-o,--output", options->output,
                  ".npy, .npz or .safetensors file to write; -: standard output")
      ->required()
      ->type_name("OUT");
  command
      .add_option("--format", options->format,
                  "npy, npz or safetensors; the default follows from the output's name")
      ->type_name("FORMAT");
  command.add_option("--json", options->json, "Write a report to this file; -: standard output")
      ->type_name("FILE");
  command.add_flag("--quiet", options->quiet, "No report and no progress bar");
  return [options] {
    const absl::Status status = Run(*options);
    return status.ok() ? kDone : Fail(status);
  };
}

}  // namespace seedfed

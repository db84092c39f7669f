#include "client/config/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

constexpr size_t kMaxIdLength = 64;
constexpr uint32_t kAnyTile = 8;  // MlpLayers wants a tile; only the sizes are compared

constexpr char kDescription[] =
    "Takes part in a federation: trains on local data when the server asks for it and sends the "
    "result as seeds.\n"
    "The data never leaves this machine. A server that cannot be reached is tried again, so "
    "servers and clients may\n"
    "be started and restarted in any order.";

constexpr char kFooter[] =
    "Examples:\n"
    "  seedfed-client --server 127.0.0.1:7733 --data /usr/share/datasets/fashion-mnist\n"
    "  seedfed-client --server fed.example.org:7733 --id meter-17 --csv readings.csv "
    "--label-column class\n"
    "  seedfed-client --server fed.example.org:7733 --tls-ca ca.pem --tls-cert meter-17.pem "
    "--tls-key "
    "meter-17.key \\\n"
    "    --id meter-17 --csv readings.csv --label-column class\n"
    "  seedfed-client --server 127.0.0.1:7733 --id judge --evaluate --data "
    "/usr/share/datasets/fashion-mnist --json -\n"
    "\n"
    "Exit status: 0 the federation is finished, or SIGINT or SIGTERM came; 2 a flag, a file or the "
    "data is not valid;\n"
    "1 anything else.";

struct RawOptions {
  std::string data, images, labels, csv, label_column, model, log_format = "text";
  double give_up = 0;
  bool evaluate = false;
  bool no_progress = false;
};

absl::StatusOr<DataSource> ChooseData(const RawOptions& raw) {
  if (raw.images.empty() != raw.labels.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(raw.images.empty()
                                                       ? "--labels is given without --images"
                                                       : "--images is given without --labels",
                                                   "; an IDX data set is both files"));
  }
  if (raw.csv.empty() != raw.label_column.empty()) {
    return absl::InvalidArgumentError(
        raw.csv.empty()
            ? "--label-column is given without --csv"
            : "--csv needs --label-column, the name or the index of the column to learn");
  }
  const int sources = !raw.data.empty() + !raw.images.empty() + !raw.csv.empty();
  if (sources != 1) {
    return absl::InvalidArgumentError(absl::StrCat(
        sources == 0 ? "no data is given" : "more than one data set is given",
        "; expected one of --data, --images with --labels, or --csv with --label-column"));
  }
  if (!raw.data.empty()) return IdxFolderSource{raw.data};
  if (!raw.images.empty()) return IdxFilesSource{raw.images, raw.labels};
  return CsvSource{raw.csv, raw.label_column};
}

absl::Status Complete(const RawOptions& raw, const std::string& host_name, ClientOptions& options) {
  SEEDFED_RETURN_IF_ERROR(CheckServerAddress(options.server));
  if (options.id.empty()) {
    if (!CheckClientId(host_name).ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the host name '", host_name, "' cannot serve as this client's id; give one with --id"));
    }
    options.id = host_name;
  }
  SEEDFED_RETURN_IF_ERROR(CheckClientId(options.id));
  SEEDFED_ASSIGN_OR_RETURN(options.data, ChooseData(raw));
  if (raw.evaluate) options.role = ClientRole::kEvaluate;
  if (!raw.model.empty()) {
    const std::vector<uint32_t> tiles = {kAnyTile};
    absl::StatusOr<std::vector<LayerSpec>> layers = MlpLayers(raw.model, tiles);
    if (!layers.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("--model: ", layers.status().message()));
    }
    options.model = *std::move(layers);
  }
  if (!(raw.give_up >= 0 && std::isfinite(raw.give_up))) {
    return absl::InvalidArgumentError(
        absl::StrCat("--give-up is ", raw.give_up, "; expected 0 (never) or a number of seconds"));
  }
  options.give_up = absl::Seconds(raw.give_up);
  SEEDFED_RETURN_IF_ERROR(CheckTlsOptions(options.tls));
  options.log_format = *ParseLogFormat(raw.log_format);
  options.progress = !raw.no_progress;
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckClientId(absl::string_view id) {
  const bool valid = std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
  });
  if (id.empty() || id.size() > kMaxIdLength || !valid) {
    return absl::InvalidArgumentError(absl::StrCat("the client id '", id, "' is not 1 to ",
                                                   kMaxIdLength, " of A-Z a-z 0-9 . _ -"));
  }
  return absl::OkStatus();
}

absl::Status CheckServerAddress(absl::string_view address) {
  const size_t colon = address.rfind(':');
  const absl::string_view host = address.substr(0, colon == absl::string_view::npos ? 0 : colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const absl::string_view digits =
      colon == absl::string_view::npos ? absl::string_view() : address.substr(colon + 1);
  uint32_t port = 0;
  if (host.empty() || (!bracketed && host.find_first_of(":[]") != absl::string_view::npos) ||
      digits.size() > 5 ||
      !std::all_of(digits.begin(), digits.end(),
                   [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }) ||
      !absl::SimpleAtoi(digits, &port) || port < 1 || port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("--server is '", address,
                     "'; expected HOST:PORT, for example 127.0.0.1:7733 or [::1]:7733"));
  }
  return absl::OkStatus();
}

std::variant<ClientOptions, EarlyExit> ParseClientOptions(int argc, const char* const* argv,
                                                          const std::string& host_name,
                                                          const std::string& version) {
  ClientOptions options;
  RawOptions raw;
  CLI::App app(kDescription, "seedfed-client");
  app.footer(kFooter);
  app.get_formatter()->column_width(34);
  app.set_version_flag("--version", version);
  app.add_option("--server", options.server, "Address of the server, HOST:PORT")
      ->type_name("HOST:PORT")
      ->required();
  AddTlsOptions(app, options.tls);
  app.add_option(
         "--id", options.id,
         "Name of this client, kept across restarts and different for every client: 1 to 64 of\n"
         "A-Z a-z 0-9 . _ - (default: the host name)")
      ->type_name("NAME");
  app.add_option(
         "--token-file", options.token_file,
         "File with the token that the server's operator gave this client, if it needs one;\n"
         "it is read for every call, so a new token may be put there at any time")
      ->type_name("FILE")
      ->envname("SEEDFED_TOKEN_FILE");
  app.add_option(
         "--data", raw.data,
         "Folder of IDX files, plain or .gz: train-images-idx3-ubyte and train-labels-idx1-ubyte,\n"
         "or with --evaluate the same with t10k")
      ->type_name("DIR");
  app.add_option("--images", raw.images, "IDX file of images, plain or .gz")->type_name("FILE");
  app.add_option("--labels", raw.labels, "IDX file of the images' labels, plain or .gz")
      ->type_name("FILE");
  app.add_option("--csv", raw.csv, "Table of numbers, one example per line, plain or .gz")
      ->type_name("FILE");
  app.add_option(
         "--label-column", raw.label_column,
         "The column of the table that holds the labels 0, 1, 2, ...: its name in the first\n"
         "line, or its index from 0")
      ->type_name("NAME|INDEX");
  app.add_flag("--evaluate", raw.evaluate,
               "Do not train; measure the averaged model of every round on the data");
  app.add_option("--model", raw.model,
                 "Take part only when the network has these sizes, for example 784-256-128-10")
      ->type_name("A-B-C");
  app.add_option("--json", options.json,
                 "Write one JSON object per line and round to this file; - is standard output")
      ->type_name("FILE");
  app.add_option("--threads", options.threads,
                 "Threads of training and evaluation, 1 to 256 (default: 1)")
      ->type_name("N")
      ->check(CLI::Range(1, 256).description(""));
  app.add_option(
         "--give-up", raw.give_up,
         "End when the server could not be reached for so long, seconds (default: 0, never)")
      ->type_name("SECONDS");
  app.add_option("--log-level", options.log_level,
                 "Least severe lines to log on standard error: debug, info, warning, error or off\n"
                 "(default: info)")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}).description(""));
  app.add_option("--log-format", raw.log_format,
                 "Log for people, text, or for programs, json: one object a line (default: text)")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}).description(""));
  app.add_flag("--no-progress", raw.no_progress,
               "Show no progress bar below the log; only a terminal gets one anyway");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success&) {
    const bool help = app.get_help_ptr()->count() > 0;
    return EarlyExit{0, help ? app.help() : absl::StrCat("seedfed-client ", version, "\n")};
  } catch (const CLI::ParseError& error) {
    return EarlyExit{2, absl::StrCat(error.what(), "; see seedfed-client --help")};
  }
  if (const absl::Status status = Complete(raw, host_name, options); !status.ok()) {
    return EarlyExit{2, std::string(status.message())};
  }
  return options;
}

}  // namespace seedfed

#ifndef SEEDFED_CLIENT_CONFIG_OPTIONS_H_
#define SEEDFED_CLIENT_CONFIG_OPTIONS_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/core/session_types.h"
#include "common/log/log_format.h"
#include "common/model/spec.h"
#include "common/tls/tls_options.h"

namespace seedfed {

// A folder of IDX files in MNIST's names.
struct IdxFolderSource {
  std::string folder;
};

// A pair of IDX files.
struct IdxFilesSource {
  std::string images;
  std::string labels;
};

struct CsvSource {
  std::string file;
  std::string label_column;  // name, or index from 0
};

using DataSource = std::variant<IdxFolderSource, IdxFilesSource, CsvSource>;

struct ClientOptions {
  std::string server;  // HOST:PORT
  TlsOptions tls;
  std::string token_file;  // empty: no token is shown
  std::string id;
  ClientRole role = ClientRole::kTrain;
  DataSource data;
  std::vector<LayerSpec> model;    // only the sizes are meant; empty: any model
  std::string json;                // file, "-" for standard output, empty for none
  uint32_t threads = 1;            // of training and evaluation
  absl::Duration give_up;          // 0: never
  std::string log_level = "info";  // debug, info, warning, error or off
  LogFormat log_format = LogFormat::kText;
  bool progress = true;  // shown on a terminal
};

// What to print before ending at once: the help text or the version (exit status 0), or one
// sentence about a flag that is not valid (exit status 2).
struct EarlyExit {
  int exit_status = 0;
  std::string text;
};

// Reads the command line. `host_name` is the default of --id.
std::variant<ClientOptions, EarlyExit> ParseClientOptions(int argc, const char* const* argv,
                                                          const std::string& host_name,
                                                          const std::string& version);

// InvalidArgument unless `id` is 1 to 64 of A-Z a-z 0-9 . _ -
absl::Status CheckClientId(absl::string_view id);

// InvalidArgument unless `address` is HOST:PORT with a port from 1 to 65535; IPv6 hosts in
// brackets.
absl::Status CheckServerAddress(absl::string_view address);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_CONFIG_OPTIONS_H_

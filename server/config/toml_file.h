#ifndef SEEDFED_SERVER_CONFIG_TOML_FILE_H_
#define SEEDFED_SERVER_CONFIG_TOML_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "server/config/settings.h"

namespace seedfed {

// Reads a configuration file (its format: deploy/server.toml) into `settings`. InvalidArgument with
// file and line for a syntax error, an unknown table or key, or a value of the wrong type or out of
// range.
absl::Status ReadTomlFile(const std::string& path, Settings& settings);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CONFIG_TOML_FILE_H_

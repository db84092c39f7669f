#ifndef SEEDFED_SERVER_CONFIG_TOML_TEXT_H_
#define SEEDFED_SERVER_CONFIG_TOML_TEXT_H_

#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace seedfed {

// What the text says. InvalidArgument: "PATH:LINE: not TOML: ..." in one line of printable
// characters, whatever the text is.
absl::StatusOr<toml::table> ParseToml(const std::string& path, std::string_view text);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CONFIG_TOML_TEXT_H_

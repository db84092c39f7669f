#include "cli/count_option.h"

#include <string>

#include "cli/simulate/options.h"

namespace seedfed {

void AddCount(CLI::App& command, const char* flag, uint32_t& value, uint32_t most,
              const char* help) {
  command
      .add_option_function<std::string>(
          flag,
          [flag, &value, most](const std::string& text) {
            const absl::StatusOr<uint32_t> count = ParseCount(text, 1, most);
            if (!count.ok())
              throw CLI::ValidationError(flag, std::string(count.status().message()));
            value = *count;
          },
          help)
      ->default_str(std::to_string(value))
      ->type_name("N");
}

}  // namespace seedfed

// The server's configuration file.

#include <cstdint>

#include "common/base/check.h"
#include "server/config/settings.h"
#include "server/config/toml_file.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  const MemoryFile memory({reinterpret_cast<const char*>(data), size});
  Settings settings;
  if (const absl::Status read = ReadTomlFile(memory.path(), settings); !read.ok()) {
    SEEDFED_CHECK(read.message().find('\n') == absl::string_view::npos);
    return 0;
  }
  const auto config = ResolveSettings(settings);
  if (config.ok()) DescribeSettings(*config);
  return 0;
}

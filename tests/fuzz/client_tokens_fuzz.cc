// The file that says which client's tokens are good.

#include <cstdint>

#include "common/base/check.h"
#include "server/admission/client_token_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  const auto lines = ParseClientTokens("fuzz", {reinterpret_cast<const char*>(data), size});
  if (!lines.ok()) {
    SEEDFED_CHECK(lines.status().message().find('\n') == absl::string_view::npos);
    return 0;
  }
  for (const ClientTokenLine& line : *lines) {
    if (!line.token) continue;
    const auto again = ParseClientTokens("fuzz", MakeClientTokenLine(*line.token).text);
    SEEDFED_CHECK(again.ok() && again->size() == 1 && again->front().token == line.token);
  }
  return 0;
}

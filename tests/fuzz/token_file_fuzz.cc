// The file that holds the admin token.

#include <cstdint>

#include "common/base/check.h"
#include "common/token/token_file.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const MemoryFile memory(bytes);
  const auto token = ReadTokenFile(memory.path());
  if (token.ok()) {
    SEEDFED_CHECK(token->size() >= 16 && token->size() <= 256);
    for (const char c : *token) SEEDFED_CHECK(c > ' ' && c <= '~');
  } else {
    SEEDFED_CHECK(token.status().message().find('\n') == absl::string_view::npos);
  }
  return 0;
}

// The seed file of `seedfed compress`.

#include <cstdint>
#include <string>

#include "cli/compress/seed_reader.h"
#include "tests/fuzz/checksum.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/read_tensors.h"

namespace seedfed {
namespace {

void Read(absl::string_view bytes) {
  const MemoryFile memory(bytes);
  ReadTensors(OpenSeedFile(*InputFile::Open(memory.path())));
}

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  seedfed::Read(bytes);
  seedfed::Read(seedfed::WithChecksum(bytes));
  return 0;
}

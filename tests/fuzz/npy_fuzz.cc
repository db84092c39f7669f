// The .npy array of NumPy.

#include <cstdint>

#include "cli/tensor_files/npy.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/read_tensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  const MemoryFile memory({reinterpret_cast<const char*>(data), size});
  ReadTensors(OpenNpy(*InputFile::Open(memory.path())));
  return 0;
}

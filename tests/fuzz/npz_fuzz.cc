// The .npz archive of NumPy.

#include <cstdint>

#include "cli/tensor_files/npz_reader.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/read_tensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  const MemoryFile memory({reinterpret_cast<const char*>(data), size});
  ReadTensors(OpenNpz(*InputFile::Open(memory.path())));
  return 0;
}

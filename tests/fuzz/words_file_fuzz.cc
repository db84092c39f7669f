// The words file of `seedfed export`.

#include <cstdint>
#include <string>

#include "cli/model_source/words_file.h"
#include "common/base/check.h"
#include "tests/fuzz/checksum.h"
#include "tests/fuzz/memory_file.h"

namespace seedfed {
namespace {

void Read(absl::string_view bytes) {
  const MemoryFile memory(bytes);
  const auto file = WordsFile::Open(*InputFile::Open(memory.path()));
  if (!file.ok()) {
    SEEDFED_CHECK(!file.status().message().empty());
    return;
  }
  uint64_t next = file->header().first_round();
  const absl::Status read = file->ReadRounds(
      file->header().round, [&](uint32_t round, absl::string_view words) -> absl::Status {
        SEEDFED_CHECK(round == next++);
        SEEDFED_CHECK(words.size() == file->header().spec.update_bytes());
        return absl::OkStatus();
      });
  SEEDFED_CHECK(read.ok());
  SEEDFED_CHECK(next == file->header().first_round() + file->header().rounds());
}

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  seedfed::Read(bytes);
  seedfed::Read(seedfed::WithChecksum(bytes));
  return 0;
}

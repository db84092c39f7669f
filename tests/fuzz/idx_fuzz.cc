// IDX images and labels, plain or gzip.

#include <cstdint>
#include <utility>

#include "client/data/idx.h"
#include "common/base/check.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  FuzzInput input(data, size);
  const bool images = input.Below(2) == 0;
  const absl::string_view rest = input.Rest();
  auto source = OpenMemory("fuzz", {reinterpret_cast<const uint8_t*>(rest.data()), rest.size()});
  if (!source.ok()) return 0;
  if (images) {
    const auto read = ReadIdxImages(**source);
    if (read.ok()) {
      SEEDFED_CHECK(read->pixels.size() == uint64_t{read->count} * read->rows * read->columns);
    }
  } else {
    const auto labels = ReadIdxLabels(**source);
    if (labels.ok()) SEEDFED_CHECK(!labels->empty());
  }
  return 0;
}

// A model's specification as bytes, as it lies in snapshots and words files.

#include <cstdint>

#include "common/base/check.h"
#include "common/model/spec.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  absl::string_view rest = bytes;
  const auto spec = ConsumeSpecBytes(rest);
  if (!spec.ok()) return 0;
  SEEDFED_CHECK(ValidateSpec(*spec).ok());
  SEEDFED_CHECK(SpecBytes(*spec) == bytes.substr(0, bytes.size() - rest.size()));
  SEEDFED_CHECK(spec->weights() <= kMaxWeights);
  DescribeLayers(spec->layers);
  spec->update_bytes();
  spec->coordinates();
  return 0;
}

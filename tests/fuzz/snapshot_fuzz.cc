// A model's snapshot: what a client fetches and what an operator hands to the tools.

#include <cstdint>
#include <string>
#include <vector>

#include "cli/tensor_files/snapshot_reader.h"
#include "common/base/check.h"
#include "common/model/model.h"
#include "common/model/snapshot.h"
#include "tests/common/model/example_models.h"
#include "tests/fuzz/checksum.h"
#include "tests/fuzz/read_tensors.h"

namespace seedfed {
namespace {

void Read(const std::string& bytes) {
  for (const ModelSpec& spec :
       {ExampleEnsemble(), ExampleSingle(), ExamplePure(), ExampleDense()}) {
    const auto model = Model::FromSnapshot(bytes, spec, ExampleKey());
    if (model.ok()) SEEDFED_CHECK(model->SaveSnapshot() == bytes);
  }
  const auto view = ReadSnapshot(bytes);
  if (view.ok()) {
    SEEDFED_CHECK(SnapshotBytes(view->round, view->fingerprint, view->spec, view->payload) ==
                  bytes);
  }
  ReadTensors(OpenSnapshotBytes("fuzz", bytes));
}

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  seedfed::Read(bytes);
  seedfed::Read(seedfed::WithChecksum(bytes));
  return 0;
}

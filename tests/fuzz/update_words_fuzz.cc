// The words of an update, of every codec and mode, and of a round's average.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "common/base/check.h"
#include "common/model/model.h"
#include "tests/common/model/example_models.h"
#include "tests/fuzz/fuzz_input.h"

namespace seedfed {
namespace {

void Decode(const Model& model, absl::string_view words, uint32_t round) {
  const UpdateCodec& codec = model.codec();
  const auto coordinates = codec.Decode(words, round);
  if (!coordinates.ok()) {
    SEEDFED_CHECK(!coordinates.status().message().empty());
    return;
  }
  SEEDFED_CHECK(coordinates->size() == codec.spec().coordinates());
  for (const int32_t coordinate : *coordinates) SEEDFED_CHECK(std::abs(coordinate) <= 1 << 30);
  // What can be decoded can be the average of a round.
  const std::string again = codec.Encode(*coordinates, round, {{1, 2}, 3});
  SEEDFED_CHECK(again.size() == codec.spec().update_bytes());
  SEEDFED_CHECK(codec.Decode(again, round).ok());
  Model next = model;
  SEEDFED_CHECK(next.Apply(1, codec.Encode(*coordinates, 1, {{1, 2}, 3})).ok());
}

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  static const std::vector<Model> models = {*Model::Create(ExampleEnsemble(), ExampleKey()),
                                            *Model::Create(ExampleSingle(), ExampleKey()),
                                            *Model::Create(ExamplePure(), ExampleKey()),
                                            *Model::Create(ExampleDense(), ExampleKey())};
  FuzzInput input(data, size);
  const Model& model = models[input.Below(models.size())];
  const uint32_t round = input.Below(4);
  const std::string words(input.Rest());
  Decode(model, words, round);
  // Again with the length that gets past the first check.
  std::string whole = words;
  whole.resize(model.spec().update_bytes());
  Decode(model, whole, round);
  Model next = model;
  const Digest256 before = next.fingerprint();
  if (!next.Apply(1, words).ok()) SEEDFED_CHECK(next.fingerprint() == before && next.round() == 0);
  return 0;
}

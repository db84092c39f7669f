#include "cli/tensor_files/layer_seeds.h"

#include "absl/strings/str_cat.h"
#include "common/codec/single_word.h"

namespace seedfed {

absl::StatusOr<LayerSeeds> ReadLayerSeeds(const ModelSpec& spec, size_t layer,
                                          absl::string_view words) {
  for (size_t l = 0; l < layer; ++l) words.remove_prefix(spec.layers[l].tiles() * kWordBytes);
  const size_t tiles = spec.layers[layer].tiles();
  LayerSeeds read;
  read.codes.reserve(tiles);
  read.seeds.reserve(2 * tiles);
  for (size_t t = 0; t < tiles; ++t) {
    const Word word = LoadWord(words.data() + t * kWordBytes);
    const uint32_t code = UnpackPacked64(word.hi).code;
    const absl::StatusOr<Seed> seed = DecodeSingle(word, code);
    if (!seed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("word ", t, " of layer ", layer, ": ", seed.status().message()));
    }
    read.codes.push_back(code);
    read.seeds.push_back(seed->u);
    read.seeds.push_back(seed->v);
  }
  return read;
}

}  // namespace seedfed

#include "common/model/model.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/checksum.h"
#include "common/base/status.h"
#include "common/model/merge.h"

namespace seedfed {

static_assert(std::endian::native == std::endian::little, "bases are hashed as they lie in memory");

namespace {

absl::string_view BytesOf(const std::vector<int32_t>& layer) {
  return {reinterpret_cast<const char*>(layer.data()), layer.size() * sizeof(int32_t)};
}

}  // namespace

Model::Model(const ModelSpec& spec, const FederationKey& key) : codec_(spec, key) {
  for (const LayerSpec& layer : spec.layers) base_.emplace_back(layer.weights());
}

absl::StatusOr<Model> Model::Create(const ModelSpec& spec, const FederationKey& key) {
  SEEDFED_RETURN_IF_ERROR(ValidateSpec(spec));
  Model model(spec, key);
  std::vector<int32_t> seeds(spec.mode == Mode::kPure ? spec.coordinates() : 0);
  const PhiloxKey base_key = key.SubKey(Purpose::kBase);
  size_t offset = 0;
  for (size_t l = 0; l < spec.layers.size(); ++l) {
    const auto number = static_cast<uint32_t>(l);
    if (spec.mode == Mode::kPure) {
      const size_t count = 2 * spec.layers[l].tiles();
      InitialSeeds(spec.layers[l], number, spec.gain, base_key,
                   std::span(seeds).subspan(offset, count));
      offset += count;
    } else {
      InitialBase(spec.layers[l], number, spec.gain, base_key, model.base_[l]);
    }
  }
  if (spec.mode == Mode::kPure) {
    const std::string words = model.codec_.Encode(seeds, 0, {});
    SEEDFED_ASSIGN_OR_RETURN(seeds, model.codec_.Decode(words, 0));
    model.SetSeeds(words, std::move(seeds));
  }
  Blake2b128Hasher base;
  for (const std::vector<int32_t>& layer : model.base_) base.Update(BytesOf(layer));
  model.fingerprint_ =
      Blake2b256(absl::StrCat("seedfed.v1.model", SpecBytes(spec), ToBytes(base.Finish())));
  return model;
}

void Model::SetSeeds(absl::string_view words, std::vector<int32_t> seeds) {
  words_ = std::string(words);
  seeds_ = std::move(seeds);
  size_t offset = 0;
  for (size_t l = 0; l < spec().layers.size(); ++l) {
    const size_t count = 2 * spec().layers[l].tiles();
    std::fill(base_[l].begin(), base_[l].end(), 0);
    MergeSeeds(spec().layers[l], spec().phase_bits, codec_.Codes(l, 0),
               std::span(seeds_).subspan(offset, count), base_[l]);
    offset += count;
  }
}

Digest128 Model::BaseChecksum() const {
  Checksum128Maker checksum;
  for (const std::vector<int32_t>& layer : base_) checksum.Update(BytesOf(layer));
  return checksum.Finish();
}

Digest256 Model::NextFingerprint(absl::string_view words) const {
  std::string message = ToBytes(fingerprint_);
  AppendLittleEndian(round_ + 1, message);
  absl::StrAppend(&message, words);
  return Blake2b256(message);
}

absl::Status Model::Apply(uint32_t round, absl::string_view words) {
  if (round != round_ + 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("the words are of round ", round, "; expected round ", round_ + 1));
  }
  SEEDFED_ASSIGN_OR_RETURN(std::vector<int32_t> coordinates, codec_.Decode(words, round));
  fingerprint_ = NextFingerprint(words);
  round_ = round;
  if (spec().mode == Mode::kPure) {
    SetSeeds(words, std::move(coordinates));
    return absl::OkStatus();
  }
  std::span<const int32_t> rest = coordinates;
  for (size_t l = 0; l < spec().layers.size(); ++l) {
    const LayerSpec& layer = spec().layers[l];
    if (spec().codec == Codec::kDense) {
      MergeDense(rest.first(layer.weights()), base_[l]);
      rest = rest.subspan(layer.weights());
    } else {
      MergeSeeds(layer, spec().phase_bits, codec_.Codes(l, round), rest.first(2 * layer.tiles()),
                 base_[l]);
      rest = rest.subspan(2 * layer.tiles());
    }
  }
  return absl::OkStatus();
}

}  // namespace seedfed

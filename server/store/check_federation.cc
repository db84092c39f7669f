#include "absl/strings/str_cat.h"
#include "server/store/store.h"

namespace seedfed {
namespace {

std::string DescribeTiles(const ModelSpec& spec) {
  std::string text;
  for (const LayerSpec& layer : spec.layers)
    absl::StrAppend(&text, text.empty() ? "" : ",", layer.tile);
  return text;
}

}  // namespace

absl::Status CheckFederation(const FederationRecord& stored, const ModelSpec& spec,
                             const std::optional<FederationKey>& key, const std::string& store) {
  const auto differs = [&](absl::string_view what, const auto& there, const auto& here) {
    return absl::FailedPreconditionError(
        absl::StrCat("the store ", store, " belongs to a federation with ", what, " ", there,
                     ", not ", here, "; use another folder, or the settings it was made with"));
  };
  const ModelSpec& old = stored.spec;
  if (DescribeLayers(old.layers) != DescribeLayers(spec.layers)) {
    return differs("model", DescribeLayers(old.layers), DescribeLayers(spec.layers));
  }
  if (old.codec != spec.codec) return differs("codec", CodecName(old.codec), CodecName(spec.codec));
  if (old.mode != spec.mode) return differs("mode", ModeName(old.mode), ModeName(spec.mode));
  if (old.layers != spec.layers)
    return differs("tile sides", DescribeTiles(old), DescribeTiles(spec));
  if (old.phase_bits != spec.phase_bits)
    return differs("phase bits", old.phase_bits, spec.phase_bits);
  if (old.gain != spec.gain) return differs("gain", old.gain, spec.gain);
  if (key.has_value() && *key != stored.key) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the store ", store,
        " belongs to a federation with another key; use another folder, or leave the key out"));
  }
  return absl::OkStatus();
}

}  // namespace seedfed

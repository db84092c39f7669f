#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/model/model.h"

namespace seedfed {
namespace {

constexpr absl::string_view kMagic = "SEEDSNAP";
constexpr uint32_t kVersion = 1;
constexpr size_t kFixedBytes = 8 + 4 + 4 + 32;  // magic, version, round, fingerprint
constexpr size_t kChecksumBytes = 16;

size_t PayloadBytes(const ModelSpec& spec) {
  return spec.mode == Mode::kPure ? spec.update_bytes() : spec.weights() * sizeof(int32_t);
}

}  // namespace

size_t Model::snapshot_bytes() const {
  return kFixedBytes + SpecBytes(spec()).size() + PayloadBytes(spec()) + kChecksumBytes;
}

std::string Model::SaveSnapshot() const {
  std::string out;
  out.reserve(snapshot_bytes());
  absl::StrAppend(&out, kMagic);
  AppendLittleEndian(kVersion, out);
  AppendLittleEndian(round_, out);
  out += ToBytes(fingerprint_);
  out += SpecBytes(spec());
  if (spec().mode == Mode::kPure) {
    out += words_;
  } else {
    for (const std::vector<int32_t>& layer : base_) {
      for (const int32_t weight : layer) AppendLittleEndian(static_cast<uint32_t>(weight), out);
    }
  }
  out += ToBytes(Blake2b128(out));
  return out;
}

absl::StatusOr<Model> Model::FromSnapshot(absl::string_view bytes, const ModelSpec& spec,
                                          const FederationKey& key) {
  if (bytes.size() < kFixedBytes + kChecksumBytes || bytes.substr(0, kMagic.size()) != kMagic) {
    return absl::InvalidArgumentError("these bytes are not a seedfed snapshot");
  }
  if (const auto version = LoadLittleEndian<uint32_t>(bytes.data() + 8); version != kVersion) {
    return absl::InvalidArgumentError(
        absl::StrCat("the snapshot has version ", version, "; expected ", kVersion));
  }
  const absl::string_view content = bytes.substr(0, bytes.size() - kChecksumBytes);
  if (ToBytes(Blake2b128(content)) != std::string(bytes.substr(content.size()))) {
    return absl::InvalidArgumentError("the snapshot is damaged: its checksum does not match");
  }
  absl::string_view rest = content.substr(kFixedBytes);
  SEEDFED_ASSIGN_OR_RETURN(const ModelSpec found, ConsumeSpecBytes(rest));
  if (found != spec) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the snapshot is of another model: ", DescribeLayers(found.layers), " with ",
        std::string(CodecName(found.codec)), " words; expected ", DescribeLayers(spec.layers), " with ",
        std::string(CodecName(spec.codec)), " words, the same tiles, phases, gain and mode"));
  }
  if (rest.size() != PayloadBytes(spec)) {
    return absl::InvalidArgumentError(absl::StrCat("the snapshot has ", rest.size(),
                                                   " bytes of model; expected ", PayloadBytes(spec)));
  }
  Model model(spec, key);
  model.round_ = LoadLittleEndian<uint32_t>(bytes.data() + 12);
  std::memcpy(model.fingerprint_.data(), bytes.data() + 16, model.fingerprint_.size());
  if (spec.mode == Mode::kPure) {
    SEEDFED_ASSIGN_OR_RETURN(std::vector<int32_t> seeds, model.codec_.Decode(rest, 0));
    model.SetSeeds(rest, std::move(seeds));
    return model;
  }
  for (std::vector<int32_t>& layer : model.base_) {
    for (int32_t& weight : layer) {
      weight = static_cast<int32_t>(LoadLittleEndian<uint32_t>(rest.data()));
      rest.remove_prefix(4);
    }
  }
  return model;
}

}  // namespace seedfed

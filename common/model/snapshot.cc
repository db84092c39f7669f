#include "common/model/snapshot.h"

#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/model/model.h"

namespace seedfed {
namespace {

constexpr uint32_t kVersion = 1;
constexpr size_t kFixedBytes = 8 + 4 + 4 + 32;  // magic, version, round, fingerprint
constexpr size_t kChecksumBytes = 16;

size_t PayloadBytes(const ModelSpec& spec) {
  return spec.mode == Mode::kPure ? spec.update_bytes() : spec.weights() * sizeof(int32_t);
}

// With room for the whole snapshot.
std::string StartSnapshot(uint32_t round, const Digest256& fingerprint, const ModelSpec& spec) {
  const std::string spec_bytes = SpecBytes(spec);
  std::string out;
  out.reserve(kFixedBytes + spec_bytes.size() + PayloadBytes(spec) + kChecksumBytes);
  absl::StrAppend(&out, kSnapshotMagic);
  AppendLittleEndian(kVersion, out);
  AppendLittleEndian(round, out);
  absl::StrAppend(&out, ToBytes(fingerprint), spec_bytes);
  return out;
}

std::string EndSnapshot(std::string out) {
  out += ToBytes(Blake2b128(out));
  return out;
}

}  // namespace

size_t Model::snapshot_bytes() const {
  return kFixedBytes + SpecBytes(spec()).size() + PayloadBytes(spec()) + kChecksumBytes;
}

std::string SnapshotBytes(uint32_t round, const Digest256& fingerprint, const ModelSpec& spec,
                          absl::string_view payload) {
  std::string out = StartSnapshot(round, fingerprint, spec);
  absl::StrAppend(&out, payload);
  return EndSnapshot(std::move(out));
}

std::string Model::SaveSnapshot() const {
  std::string out = StartSnapshot(round_, fingerprint_, spec());
  if (spec().mode == Mode::kPure) {
    out += words_;
  } else {
    for (const std::vector<int32_t>& layer : base_) {
      for (const int32_t weight : layer) AppendLittleEndian(static_cast<uint32_t>(weight), out);
    }
  }
  return EndSnapshot(std::move(out));
}

absl::StatusOr<SnapshotView> ReadSnapshot(absl::string_view bytes) {
  if (bytes.size() < kFixedBytes + kChecksumBytes ||
      bytes.substr(0, kSnapshotMagic.size()) != kSnapshotMagic) {
    return absl::InvalidArgumentError("these bytes are not a seedfed snapshot");
  }
  SnapshotView view;
  view.version = LoadLittleEndian<uint32_t>(bytes.data() + 8);
  if (view.version != kVersion) {
    return absl::InvalidArgumentError(
        absl::StrCat("the snapshot has version ", view.version, "; expected ", kVersion));
  }
  const absl::string_view content = bytes.substr(0, bytes.size() - kChecksumBytes);
  view.checksum = Blake2b128(content);
  if (ToBytes(view.checksum) != std::string(bytes.substr(content.size()))) {
    return absl::InvalidArgumentError("the snapshot is damaged: its checksum does not match");
  }
  view.round = LoadLittleEndian<uint32_t>(bytes.data() + 12);
  std::memcpy(view.fingerprint.data(), bytes.data() + 16, view.fingerprint.size());
  view.payload = content.substr(kFixedBytes);
  SEEDFED_ASSIGN_OR_RETURN(view.spec, ConsumeSpecBytes(view.payload));
  if (view.payload.size() != PayloadBytes(view.spec)) {
    return absl::InvalidArgumentError(absl::StrCat("the snapshot has ", view.payload.size(),
                                                   " bytes of model; expected ",
                                                   PayloadBytes(view.spec)));
  }
  return view;
}

absl::StatusOr<Model> Model::FromSnapshot(absl::string_view bytes, const ModelSpec& spec,
                                          const FederationKey& key) {
  SEEDFED_ASSIGN_OR_RETURN(const SnapshotView view, ReadSnapshot(bytes));
  if (view.spec != spec) {
    return absl::InvalidArgumentError(
        absl::StrCat("the snapshot is of another model: ", DescribeLayers(view.spec.layers),
                     " with ", std::string(CodecName(view.spec.codec)), " words; expected ",
                     DescribeLayers(spec.layers), " with ", std::string(CodecName(spec.codec)),
                     " words, the same tiles, phases, gain and mode"));
  }
  Model model(spec, key);
  model.round_ = view.round;
  model.fingerprint_ = view.fingerprint;
  absl::string_view rest = view.payload;
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

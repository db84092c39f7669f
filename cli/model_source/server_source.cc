#include "cli/model_source/server_source.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "common/model/snapshot.h"

namespace seedfed {
namespace {

// More than a snapshot of the largest model has.
constexpr uint64_t kMostBytes = kMaxWeights * sizeof(int32_t) + (1 << 20);

}  // namespace

absl::StatusOr<std::unique_ptr<ModelSource>> ServerSource::Open(const AdminOptions& options) {
  SEEDFED_ASSIGN_OR_RETURN(AdminConnection connection, AdminConnection::Open(options));
  return std::unique_ptr<ModelSource>(new ServerSource(options.server, std::move(connection)));
}

absl::StatusOr<std::string> ServerSource::Snapshot() {
  std::string bytes;
  uint64_t total = 0;
  SEEDFED_RETURN_IF_ERROR(connection_.ExportModel([&](const v1::SnapshotChunk& chunk) {
    total = chunk.total_bytes();
    if (total > kMostBytes || bytes.size() + chunk.data().size() > total) {
      return absl::DataLossError(absl::StrCat(name_, " sends a model of more than ",
                                              std::min(total, kMostBytes), " bytes"));
    }
    bytes += chunk.data();
    return absl::OkStatus();
  }));
  if (bytes.size() != total || bytes.empty()) {
    return absl::DataLossError(
        absl::StrCat(name_, " sent ", bytes.size(), " bytes of a model of ", total));
  }
  if (const auto view = ReadSnapshot(bytes); !view.ok()) {
    return absl::DataLossError(
        absl::StrCat("the model from ", name_, " is not valid: ", view.status().message()));
  }
  return bytes;
}

absl::StatusOr<const v1::FederationDescription*> ServerSource::Description() {
  if (!description_) {
    SEEDFED_ASSIGN_OR_RETURN(description_, connection_.DescribeFederation());
  }
  return &*description_;
}

absl::StatusOr<std::optional<InputNormalisation>> ServerSource::Normalisation() {
  SEEDFED_ASSIGN_OR_RETURN(const v1::FederationDescription* description, Description());
  const InputNormalisation normalisation = {description->training().input_mean(),
                                            description->training().input_stddev()};
  if (const absl::Status valid = CheckNormalisation(normalisation); !valid.ok()) {
    return absl::DataLossError(absl::StrCat(name_, ": ", valid.message()));
  }
  return normalisation;
}

absl::StatusOr<std::optional<FederationKey>> ServerSource::Key() {
  SEEDFED_ASSIGN_OR_RETURN(const v1::FederationDescription* description, Description());
  absl::StatusOr<FederationKey> key = FederationKey::FromBytes(description->key());
  if (!key.ok()) {
    return absl::DataLossError(
        absl::StrCat(name_, " sent a key of ", description->key().size(), " bytes; expected 16"));
  }
  return *key;
}

absl::Status ServerSource::ReadRounds(uint32_t last, const EachRound& each) {
  if (last == 0) return absl::OkStatus();  // in a request 0 means all
  v1::ExportRoundsRequest request;
  request.set_first(1);
  request.set_last(last);
  return connection_.ExportRounds(request, [&each](const v1::RoundResult& result) {
    return each(result.round(), result.words());
  });
}

}  // namespace seedfed

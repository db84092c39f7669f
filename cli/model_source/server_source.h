#ifndef SEEDFED_CLI_MODEL_SOURCE_SERVER_SOURCE_H_
#define SEEDFED_CLI_MODEL_SOURCE_SERVER_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "cli/admin/admin_connection.h"
#include "cli/model_source/model_source.h"
#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// A running server, by its admin service. It may go on training: Snapshot is the model at the time
// of the call.
class ServerSource final : public ModelSource {
 public:
  static absl::StatusOr<std::unique_ptr<ModelSource>> Open(const AdminOptions& options);

  absl::StatusOr<std::string> Snapshot() override;
  absl::StatusOr<std::optional<InputNormalisation>> Normalisation() override;
  absl::StatusOr<std::optional<FederationKey>> Key() override;
  absl::Status ReadRounds(uint32_t last, const EachRound& each) override;
  const std::string& name() const override { return name_; }

 private:
  ServerSource(const std::string& server, AdminConnection connection)
      : name_("the server " + server), connection_(std::move(connection)) {}

  // Asks once.
  absl::StatusOr<const v1::FederationDescription*> Description();

  const std::string name_;
  AdminConnection connection_;
  std::optional<v1::FederationDescription> description_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLI_MODEL_SOURCE_SERVER_SOURCE_H_

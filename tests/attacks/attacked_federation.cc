#include "tests/attacks/attacked_federation.h"

#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "client/core/seed_optimiser.h"
#include "client/data/idx.h"
#include "client/data/shard.h"
#include "client/trainer/mlp.h"
#include "common/base/status.h"
#include "server/core/federation_core.h"
#include "tests/attacks/attackers.h"

namespace seedfed {
namespace {

RoundRules RulesOf(const ServerConfig& config) {
  return {.rounds = config.rounds,
          .goal = config.clients,
          .quorum = config.quorum,
          .min_clients = config.min_clients,
          .example_cap = config.example_cap,
          .snapshot_every = 0,
          .participation = config.training.participation,
          .aggregation = config.aggregation};
}

// The core with a store that is durable at once, and time that stands still.
class Server {
 public:
  static absl::StatusOr<Server> Create(const ServerConfig& config) {
    SEEDFED_ASSIGN_OR_RETURN(Model model, Model::Create(config.model, *config.key));
    SEEDFED_ASSIGN_OR_RETURN(
        FederationCore core,
        FederationCore::Create(RulesOf(config), {}, *config.key, std::move(model), {}, kNow));
    return Server(std::move(core));
  }

  absl::Status Join(uint32_t number) {
    return Settle(core_.Join(++calls_, absl::StrCat("client-", number), false, kNow));
  }

  absl::Status Submit(uint32_t client, LocalUpdate update) {
    const uint32_t round = core_.round() + 1;
    absl::Status valid = core_.codec().Check(update.words, round);
    const FederationId id = core_.id();
    const std::string federation_id(id.begin(), id.end());
    return Settle(core_.Submit(++calls_, {federation_id, client},
                               {.round = round,
                                .examples = update.examples,
                                .loss = update.loss,
                                .words = std::move(update.words),
                                .valid = std::move(valid)},
                               kNow));
  }

  const Model& model() const { return core_.model(); }
  const std::string& averaged_words() const { return averaged_words_; }

 private:
  static constexpr absl::Duration kNow = absl::ZeroDuration();

  explicit Server(FederationCore core) : core_(std::move(core)) {}

  // The error that a reply brought, if any.
  absl::Status Settle(Effects effects) {
    absl::Status status;
    while (true) {
      for (const Reply& reply : effects.replies) {
        if (const auto* error = std::get_if<absl::Status>(&reply.content)) status.Update(*error);
        const auto* submitted = std::get_if<SubmitReply>(&reply.content);
        if (submitted != nullptr && submitted->late) {
          status.Update(absl::InternalError("an update came too late in a federation in step"));
        }
      }
      for (const Write& write : effects.persist) {
        if (const auto* round = std::get_if<RoundRecord>(&write)) averaged_words_ = round->words;
      }
      if (effects.ticket == 0) return status;
      effects = core_.Durable(effects.ticket, kNow);
    }
  }

  FederationCore core_;
  CallId calls_ = 0;
  std::string averaged_words_;
};

}  // namespace

absl::StatusOr<Examples> LoadExamples(const std::string& folder, const ServerConfig& config) {
  SEEDFED_ASSIGN_OR_RETURN(Dataset train, LoadIdxFolder(folder, Split::kTrain));
  SEEDFED_ASSIGN_OR_RETURN(Dataset test, LoadIdxFolder(folder, Split::kTest));
  for (Dataset* data : {&train, &test}) {
    SEEDFED_RETURN_IF_ERROR(data->CheckAgainstModel(config.model.layers.front().cols - 1,
                                                    config.model.layers.back().rows));
    SEEDFED_RETURN_IF_ERROR(
        data->set_normalisation(static_cast<float>(config.training.input_mean),
                                static_cast<float>(config.training.input_stddev)));
  }
  return Examples{std::move(train), std::move(test)};
}

absl::StatusOr<ServerConfig> FederationConfig(const std::vector<std::string>& flags) {
  std::vector<const char*> arguments = {"seedfed-server"};
  for (const std::string& flag : flags) arguments.push_back(flag.c_str());
  SEEDFED_ASSIGN_OR_RETURN(ServerCommand command,
                           ParseServerFlags(static_cast<int>(arguments.size()), arguments.data()));
  if (!command.config.key || command.config.shards < command.config.clients) {
    return absl::InvalidArgumentError(
        "a federation under attack needs --key and --shards, at least one for each client");
  }
  return std::move(command.config);
}

absl::StatusOr<AttackedFederation::Result> AttackedFederation::Run() const {
  const FederationKey& key = *config.key;
  const std::vector<LayerSpec>& layers = config.model.layers;
  std::map<uint32_t, std::unique_ptr<Trainer>> honest, attacking;
  SEEDFED_ASSIGN_OR_RETURN(Server server, Server::Create(config));
  for (uint32_t client = 0; client < config.clients; ++client) {
    SEEDFED_RETURN_IF_ERROR(server.Join(client));
    const PhiloxKey cut = key.SubKey(Purpose::kSharding);
    SEEDFED_ASSIGN_OR_RETURN(
        const std::vector<uint32_t> shard,
        config.alpha == 0
            ? IidShard(examples.train.examples(), config.shards, client, cut)
            : DirichletShard(examples.train.labels(), config.shards, client, config.alpha, cut));
    Dataset data = examples.train.Select(shard);
    if (client < attackers && attack == Attack::kLabelFlip) {
      SEEDFED_ASSIGN_OR_RETURN(data, FlipLabels(data, layers.back().rows));
    }
    SEEDFED_ASSIGN_OR_RETURN((client < attackers ? attacking : honest)[client],
                             MlpTrainer::Create(layers, std::move(data)));
  }
  std::optional<Attackers> group;
  if (!attacking.empty()) group.emplace(attack, config.training, key, std::move(attacking));

  for (uint32_t round = 1; round <= config.rounds; ++round) {
    const Model& model = server.model();
    std::map<uint32_t, LocalUpdate> updates;
    if (group) {
      SEEDFED_ASSIGN_OR_RETURN(updates, group->Updates(model));
    }
    for (const auto& [client, trainer] : honest) {
      SEEDFED_ASSIGN_OR_RETURN(updates[client],
                               TrainRound(model, config.training, key, client, *trainer, nullptr));
    }
    for (auto& [client, update] : updates) {
      SEEDFED_RETURN_IF_ERROR(server.Submit(client, std::move(update)));
    }
    if (group) group->Complete(server.averaged_words());
  }

  std::vector<uint32_t> all(examples.test.examples());
  std::iota(all.begin(), all.end(), 0U);
  SEEDFED_ASSIGN_OR_RETURN(const auto evaluator,
                           MlpTrainer::Create(layers, examples.test.Select(all)));
  SEEDFED_ASSIGN_OR_RETURN(const Evaluation evaluation,
                           evaluator->Evaluate(DenseWeights(server.model())));
  return Result{evaluation.accuracy, server.model().fingerprint()};
}

}  // namespace seedfed

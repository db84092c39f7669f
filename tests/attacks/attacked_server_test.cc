// A server process, honest client processes, and attackers who speak the protocol: the federation
// ends with the bits of the one that tests/attacks.sh runs within one process.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/driver/local_data.h"
#include "client/rpc/federation_client.h"
#include "client/trainer/mlp.h"
#include "common/base/clock.h"
#include "common/base/status.h"
#include "common/tls/channel_credentials.h"
#include "tests/attacks/attacked_federation.h"
#include "tests/attacks/attackers.h"
#include "tests/e2e/federation.h"

namespace seedfed {
namespace {

constexpr uint32_t kClients = 10;
constexpr uint32_t kAttackers = 3;
constexpr uint32_t kRounds = 3;

// Takes part in all rounds as the first members of the federation.
absl::Status RunAttackers(const std::string& server, Attack attack) {
  std::vector<std::unique_ptr<FederationClient>> connections;
  std::vector<Membership> members;
  std::map<uint32_t, std::unique_ptr<Trainer>> trainers;
  for (uint32_t i = 0; i < kAttackers; ++i) {
    connections.push_back(std::make_unique<FederationClient>(
        server, ChannelCredentials(),
        ClientIdentity{.id = absl::StrCat("attacker-", i), .role = {}, .software = "attacker"},
        SystemClock()));
    SEEDFED_ASSIGN_OR_RETURN(members.emplace_back(), connections.back()->Join());
    SEEDFED_ASSIGN_OR_RETURN(Dataset data,
                             LoadData(IdxFolderSource{kFashionMnist}, ClientRole::kTrain));
    SEEDFED_ASSIGN_OR_RETURN(data, FitData(std::move(data), members.back(), ClientRole::kTrain));
    SEEDFED_ASSIGN_OR_RETURN(trainers[members.back().client_number],
                             MlpTrainer::Create(members.back().model.layers, std::move(data)));
  }
  SEEDFED_ASSIGN_OR_RETURN(Model model, Model::Create(members[0].model, members[0].key));
  Attackers group(attack, members[0].plan, members[0].key, std::move(trainers));
  while (model.round() < kRounds) {
    const uint32_t round = model.round() + 1;
    SEEDFED_ASSIGN_OR_RETURN(auto updates, group.Updates(model));
    for (uint32_t i = 0; i < kAttackers; ++i) {
      LocalUpdate& update = updates.at(members[i].client_number);
      SEEDFED_ASSIGN_OR_RETURN(const SubmitAnswer answer,
                               connections[i]->Submit(members[i], {.round = round,
                                                                   .words = std::move(update.words),
                                                                   .examples = update.examples,
                                                                   .loss = update.loss}));
      if (answer.outcome != SubmitOutcome::kAccepted) {
        return absl::InternalError("an attacker's update came too late");
      }
    }
    while (model.round() < round) {
      SEEDFED_ASSIGN_OR_RETURN(const AwaitAnswer answer,
                               connections[0]->Await(members[0], model.round()));
      for (const RoundWords& complete : answer.rounds) {
        SEEDFED_RETURN_IF_ERROR(model.Apply(complete.round, complete.words));
        group.Complete(complete.words);
      }
    }
  }
  for (uint32_t i = 0; i < kAttackers; ++i) {
    SEEDFED_RETURN_IF_ERROR(connections[i]->ConfirmEnd(members[i]));
  }
  return absl::OkStatus();
}

TEST(AttackedServer, SignFlip_EndsWithTheBitsOfTheFederationInOneProcess) {
  const std::vector<std::string> flags = {
      "--model",     "784-32-10", "--samples",     "256",
      "--key",       "7",         "--rounds",      absl::StrCat(kRounds),
      "--clients",   "10",        "--shards",      "10",
      "--attackers", "3",         "--aggregation", "cosine"};
  const auto config = FederationConfig(flags);
  ASSERT_TRUE(config.ok()) << config.status();
  const auto examples = LoadExamples(kFashionMnist, *config);
  ASSERT_TRUE(examples.ok()) << examples.status();
  const auto expected = AttackedFederation{*config, *examples, Attack::kSignFlip, kAttackers}.Run();
  ASSERT_TRUE(expected.ok()) << expected.status();

  Federation federation(flags + std::vector<std::string>{"--exit-when-done", "--http", "none"});
  std::vector<Process> honest;
  absl::Status attackers;
  {
    // The attackers come first, so that they have the first numbers.
    std::thread thread([&] { attackers = RunAttackers(federation.address(), Attack::kSignFlip); });
    EXPECT_TRUE(federation.server().WaitForOutput("attacker-2 joins as trainer 2"))
        << federation.server().Output();
    for (uint32_t i = kAttackers; i < kClients; ++i) {
      honest.push_back(federation.Client(absl::StrCat("honest-", i)));
    }
    thread.join();
  }
  EXPECT_TRUE(attackers.ok()) << attackers;
  for (Process& client : honest) EXPECT_EQ(client.Wait(), 0) << client.Output();
  EXPECT_EQ(federation.server().Wait(), 0);
  EXPECT_EQ(federation.FinalFingerprint(), ToHex(expected->fingerprint))
      << federation.server().Output();
}

}  // namespace
}  // namespace seedfed

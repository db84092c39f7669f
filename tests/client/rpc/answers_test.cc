#include "client/rpc/answers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "common/wire/convert.h"
#include "tests/client/rpc/example_answers.h"

namespace seedfed {
namespace {

TEST(JoinAnswer, Valid_IsTakenOver) {
  const absl::StatusOr<Membership> membership =
      FromProto(ExampleJoinResponse(), ClientRole::kTrain);
  ASSERT_TRUE(membership.ok()) << membership.status();
  EXPECT_EQ(membership->federation_id, std::string(16, 'f'));
  EXPECT_EQ(membership->key, ExampleKey());
  EXPECT_EQ(membership->client_number, 7u);
  EXPECT_EQ(membership->model, ExampleEnsemble());
  EXPECT_EQ(membership->plan.batch, 16u);
  EXPECT_EQ(membership->shard, (Shard{2, 5, 0.5}));
  EXPECT_EQ(membership->round, 3u);
  EXPECT_EQ(membership->rounds, 10u);
  EXPECT_EQ(membership->phase, FederationPhase::kPaused);
  EXPECT_EQ(membership->poll, absl::Milliseconds(500));
}

TEST(JoinAnswer, WithoutShard_HasNone) {
  v1::JoinResponse message = ExampleJoinResponse();
  message.clear_shard();
  EXPECT_FALSE(FromProto(message, ClientRole::kTrain)->shard.has_value());
}

struct JoinLie {
  const char* name;
  std::function<void(v1::JoinResponse&)> tell;
  const char* sentence;
};

class JoinAnswerLies : public ::testing::TestWithParam<JoinLie> {};

TEST_P(JoinAnswerLies, AreNamed) {
  v1::JoinResponse message = ExampleJoinResponse();
  GetParam().tell(message);
  const absl::StatusOr<Membership> membership = FromProto(message, ClientRole::kTrain);
  EXPECT_EQ(membership.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(std::string(membership.status().message()),
            std::string("the answer to Join is not valid: ") + GetParam().sentence);
}

INSTANTIATE_TEST_SUITE_P(
    All, JoinAnswerLies,
    ::testing::Values(
        JoinLie{"Id", [](auto& m) { m.set_federation_id("short"); },
                "the federation id has 5 bytes, expected 16"},
        JoinLie{"Key", [](auto& m) { m.set_key("short"); },
                "federation key has 5 bytes; expected 16"},
        JoinLie{"Number", [](auto& m) { m.set_client_number(kFirstEvaluator); },
                "the client number 2147483648 belongs to the other role"},
        JoinLie{"NoModel", [](auto& m) { m.clear_model(); },
                "the model has 0 layers; expected 1 to 1024"},
        JoinLie{"Codec", [](auto& m) { m.mutable_model()->set_codec(static_cast<v1::Codec>(9)); },
                "codec number 9 is not 1 (ensemble), 2 (single) or 3 (dense)"},
        JoinLie{
            "Gain",
            [](auto& m) { m.mutable_model()->set_gain(std::numeric_limits<double>::quiet_NaN()); },
            "gain is nan; expected a number from 0.0625 to 1024"},
        JoinLie{"Plan", [](auto& m) { m.mutable_training()->clear_learning_rate(); },
                "there are 0 learning rates for 2 layers"},
        JoinLie{"Shard", [](auto& m) { m.mutable_shard()->set_index(5); },
                "shard 5 does not exist; there are 5, counted from 0"},
        JoinLie{"State", [](auto& m) { m.clear_state(); },
                "its state is 0, expected 1 (collecting), 2 (paused) or 3 (finished)"},
        JoinLie{"Poll", [](auto& m) { m.set_poll_ms(0); },
                "it holds polls for 0 ms, expected 1 to 600000"},
        JoinLie{"LongPoll", [](auto& m) { m.set_poll_ms(600001); },
                "it holds polls for 600001 ms, expected 1 to 600000"}),
    [](const auto& lie) { return lie.param.name; });

v1::AwaitRoundResponse ExampleAwait() {
  v1::AwaitRoundResponse message;
  message.set_round(4);
  message.set_state(v1::FEDERATION_STATE_COLLECTING);
  v1::RoundResult* result = message.add_results();
  result->set_round(4);
  result->set_words("words");
  result->set_fingerprint(std::string(32, '\x11'));
  result->set_base_checksum(std::string(16, '\x22'));
  result->mutable_stats()->set_updates(2);
  result->mutable_stats()->set_examples(30);
  result->mutable_stats()->set_training_loss(0.5);
  result->mutable_stats()->set_bytes_up(8000);
  result->mutable_stats()->set_duration_ms(1500);
  return message;
}

TEST(AwaitAnswer, Valid_IsTakenOver) {
  const absl::StatusOr<AwaitAnswer> answer = FromProto(ExampleAwait());
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->round, 4u);
  EXPECT_EQ(answer->phase, FederationPhase::kCollecting);
  EXPECT_FALSE(answer->snapshot);
  ASSERT_EQ(answer->rounds.size(), 1u);
  EXPECT_EQ(answer->rounds[0].round, 4u);
  EXPECT_EQ(answer->rounds[0].words, "words");
  EXPECT_EQ(answer->rounds[0].fingerprint[31], 0x11);
  EXPECT_EQ(answer->rounds[0].base_checksum[15], 0x22);
  ASSERT_TRUE(answer->rounds[0].summary.has_value());
  EXPECT_EQ(answer->rounds[0].summary->updates, 2u);
  EXPECT_EQ(answer->rounds[0].summary->examples, 30u);
  EXPECT_EQ(answer->rounds[0].summary->training_loss, 0.5);
  EXPECT_EQ(answer->rounds[0].summary->bytes_up, 8000u);
  EXPECT_EQ(answer->rounds[0].summary->duration, absl::Milliseconds(1500));
}

TEST(AwaitAnswer, WithoutStatistics_HasNoSummary) {
  v1::AwaitRoundResponse message = ExampleAwait();
  message.mutable_results(0)->clear_stats();
  EXPECT_FALSE(FromProto(message)->rounds[0].summary.has_value());
}

TEST(AwaitAnswer, Lies_AreNamed) {
  v1::AwaitRoundResponse message = ExampleAwait();
  message.mutable_results(0)->set_fingerprint("abc");
  EXPECT_EQ(FromProto(message).status(),
            absl::DataLossError(
                "the answer to AwaitRound is not valid: a fingerprint has 3 bytes, expected 32"));
  message = ExampleAwait();
  message.mutable_results(0)->set_base_checksum(std::string(17, 'x'));
  EXPECT_EQ(
      FromProto(message).status(),
      absl::DataLossError(
          "the answer to AwaitRound is not valid: a base checksum has 17 bytes, expected 16"));
  message = ExampleAwait();
  message.set_state(static_cast<v1::FederationState>(77));
  EXPECT_EQ(
      FromProto(message).status(),
      absl::DataLossError("the answer to AwaitRound is not valid: its state is 77, expected 1 "
                          "(collecting), 2 (paused) or 3 (finished)"));
  message = ExampleAwait();
  message.mutable_results(0)->mutable_stats()->set_training_loss(INFINITY);
  EXPECT_EQ(FromProto(message).status(),
            absl::DataLossError(
                "the answer to AwaitRound is not valid: the training loss is inf, expected "
                "a finite number"));
}

TEST(SubmitAnswer, Outcomes_AreTakenOver) {
  v1::SubmitUpdateResponse message;
  message.set_round(5);
  message.set_outcome(v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
  EXPECT_EQ(FromProto(message)->outcome, SubmitOutcome::kAccepted);
  EXPECT_EQ(FromProto(message)->round, 5u);
  message.set_outcome(v1::SubmitUpdateResponse::OUTCOME_LATE);
  EXPECT_EQ(FromProto(message)->outcome, SubmitOutcome::kLate);
  message.clear_outcome();
  EXPECT_EQ(
      FromProto(message).status(),
      absl::DataLossError("the answer to SubmitUpdate is not valid: its outcome is 0, expected 1 "
                          "(accepted) or 2 (late)"));
}

}  // namespace
}  // namespace seedfed

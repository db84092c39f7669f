#include "client/rpc/federation_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/wire/convert.h"
#include "tests/client/rpc/example_answers.h"
#include "tests/client/rpc/fake_server.h"
#include "tests/common/token/token_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Membership ExampleMembership() {
  Membership membership;
  membership.federation_id = std::string(16, 'f');
  membership.client_number = 7;
  membership.model = ExampleEnsemble();
  membership.poll = absl::Seconds(20);
  return membership;
}

class FederationClientTest : public ::testing::Test {
 protected:
  FakeServer server_;
  FederationClient client_{
      server_.address(), {}, {"me", ClientRole::kTrain, "test 1"}, SystemClock()};
};

TEST_F(FederationClientTest, Join_SaysWhoAndTakesTheAnswer) {
  v1::JoinRequest seen;
  server_.join = [&](const v1::JoinRequest& request, v1::JoinResponse& response) {
    seen = request;
    response = ExampleJoinResponse();
    return grpc::Status::OK;
  };
  const absl::StatusOr<Membership> membership = client_.Join();
  ASSERT_TRUE(membership.ok()) << membership.status();
  EXPECT_EQ(membership->client_number, 7u);
  EXPECT_EQ(seen.client_id(), "me");
  EXPECT_EQ(seen.role(), v1::ROLE_TRAIN);
  EXPECT_EQ(seen.protocol(), kProtocolVersion);
  EXPECT_EQ(seen.software(), "test 1");
}

TEST_F(FederationClientTest, RetryAfter_IsWhatTheLastAnswerSaid) {
  server_.join = [](const v1::JoinRequest&, v1::JoinResponse&) {
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls");
  };
  for (const auto& [text, expected] :
       std::vector<std::pair<std::string, absl::Duration>>{{"250", absl::Milliseconds(250)},
                                                           {"", absl::ZeroDuration()},
                                                           {"soon", absl::ZeroDuration()},
                                                           {"-5", absl::ZeroDuration()},
                                                           {"99999999999", absl::Minutes(5)}}) {
    server_.set_retry_after_ms(text);
    EXPECT_EQ(client_.Join().status().code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(client_.retry_after(), expected) << text;
  }
}

TEST_F(FederationClientTest, TokenFile_IsReadForEveryCall) {
  const TokenFolder folder;
  const std::string file = folder.Write("sft_first-of-two\n");
  FederationClient client(server_.address(), ChannelCredentials(),
                          {"me", ClientRole::kTrain, "", file}, SystemClock());
  client.Join().status().IgnoreError();
  EXPECT_EQ(server_.authorization(), "Bearer sft_first-of-two");
  folder.Write("sft_second-of-two\n");
  client.Join().status().IgnoreError();
  EXPECT_EQ(server_.authorization(), "Bearer sft_second-of-two");
  // While it is being changed, the last one is shown.
  ASSERT_EQ(unlink(file.c_str()), 0);
  client.Join().status().IgnoreError();
  EXPECT_EQ(server_.authorization(), "Bearer sft_second-of-two");
  client_.Join().status().IgnoreError();
  EXPECT_EQ(server_.authorization(), "");
}

TEST_F(FederationClientTest, JoinAnswerNotValid_IsDataLoss) {
  server_.join = [](const v1::JoinRequest&, v1::JoinResponse&) { return grpc::Status::OK; };
  EXPECT_EQ(client_.Join().status(),
            absl::DataLossError(
                "the answer to Join is not valid: the federation id has 0 bytes, expected 16"));
}

TEST_F(FederationClientTest, Refusal_KeepsCodeAndSentenceWithoutControlCharacters) {
  server_.join = [](const v1::JoinRequest&, v1::JoinResponse&) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                        "not\n\x1b[31mgood" + std::string(1000, '!'));
  };
  const absl::Status status = client_.Join().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("not  [31mgood!"));
  EXPECT_EQ(status.message().size(), 400u);
}

TEST_F(FederationClientTest, Await_AsksWithWhatItHas) {
  v1::AwaitRoundRequest seen;
  server_.await = [&](const v1::AwaitRoundRequest& request, v1::AwaitRoundResponse& response) {
    seen = request;
    response.set_round(5);
    response.set_state(v1::FEDERATION_STATE_FINISHED);
    response.set_snapshot(true);
    return grpc::Status::OK;
  };
  const absl::StatusOr<AwaitAnswer> answer = client_.Await(ExampleMembership(), 2);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->round, 5u);
  EXPECT_EQ(answer->phase, FederationPhase::kFinished);
  EXPECT_TRUE(answer->snapshot);
  EXPECT_EQ(seen.federation_id(), std::string(16, 'f'));
  EXPECT_EQ(seen.client_number(), 7u);
  EXPECT_EQ(seen.have_round(), 2u);
  EXPECT_FALSE(seen.knows_end());
}

TEST_F(FederationClientTest, ConfirmEnd_SaysThatThisClientKnowsIt) {
  v1::AwaitRoundRequest seen;
  server_.await = [&](const v1::AwaitRoundRequest& request, v1::AwaitRoundResponse&) {
    seen = request;
    return grpc::Status::OK;
  };
  EXPECT_TRUE(client_.ConfirmEnd(ExampleMembership()).ok());
  EXPECT_EQ(seen.federation_id(), std::string(16, 'f'));
  EXPECT_EQ(seen.client_number(), 7u);
  EXPECT_TRUE(seen.knows_end());
}

TEST_F(FederationClientTest, Submit_SendsTheUpdate) {
  v1::SubmitUpdateRequest seen;
  server_.submit = [&](const v1::SubmitUpdateRequest& request, v1::SubmitUpdateResponse& response) {
    seen = request;
    response.set_outcome(v1::SubmitUpdateResponse::OUTCOME_LATE);
    response.set_round(9);
    return grpc::Status::OK;
  };
  const absl::StatusOr<SubmitAnswer> answer =
      client_.Submit(ExampleMembership(), {8, std::string("\0\1\2", 3), 20, 0.5f});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->outcome, SubmitOutcome::kLate);
  EXPECT_EQ(answer->round, 9u);
  EXPECT_EQ(seen.client_number(), 7u);
  EXPECT_EQ(seen.round(), 8u);
  EXPECT_EQ(seen.words(), std::string("\0\1\2", 3));
  EXPECT_EQ(seen.examples(), 20u);
  EXPECT_EQ(seen.loss(), 0.5f);
}

TEST_F(FederationClientTest, Report_SendsTheMeasurement) {
  v1::ReportEvaluationRequest seen;
  server_.report = [&](const v1::ReportEvaluationRequest& request) {
    seen = request;
    return grpc::Status::OK;
  };
  EXPECT_TRUE(client_.Report(ExampleMembership(), {8, 0.75, 0.5, 40}).ok());
  EXPECT_EQ(seen.federation_id(), std::string(16, 'f'));
  EXPECT_EQ(seen.client_number(), 7u);
  EXPECT_EQ(seen.round(), 8u);
  EXPECT_EQ(seen.accuracy(), 0.75);
  EXPECT_EQ(seen.loss(), 0.5);
  EXPECT_EQ(seen.examples(), 40u);
}

TEST_F(FederationClientTest, ReportToAnOlderServer_IsUnimplemented) {
  EXPECT_EQ(client_.Report(ExampleMembership(), {8, 0.75, 0.5, 40}).code(),
            absl::StatusCode::kUnimplemented);
}

TEST_F(FederationClientTest, LargeModel_GetsRoomForItsMessages) {
  const ModelSpec large = {
      {{1U << 10, 6U << 10, 8}}, Codec::kDense, Mode::kRolling, 2, 8};  // 24 MiB
  server_.join = [&](const v1::JoinRequest&, v1::JoinResponse& response) {
    response = ExampleJoinResponse();
    *response.mutable_model() = ToProto(large);
    response.mutable_training()->clear_learning_rate();
    response.mutable_training()->add_learning_rate(0.1);
    return grpc::Status::OK;
  };
  server_.await = [&](const v1::AwaitRoundRequest&, v1::AwaitRoundResponse& response) {
    response.set_round(1);
    response.set_state(v1::FEDERATION_STATE_COLLECTING);
    v1::RoundResult* result = response.add_results();
    result->set_round(1);
    result->set_words(std::string(large.update_bytes(), 'w'));
    result->set_fingerprint(std::string(32, 'f'));
    result->set_base_checksum(std::string(16, 'c'));
    return grpc::Status::OK;
  };
  const absl::StatusOr<Membership> membership = client_.Join();
  ASSERT_TRUE(membership.ok()) << membership.status();
  const absl::StatusOr<AwaitAnswer> answer = client_.Await(*membership, 0);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->rounds[0].words.size(), large.update_bytes());
}

TEST_F(FederationClientTest, Snapshot_IsPutTogether) {
  server_.fetch = [](const v1::FetchSnapshotRequest&, std::vector<v1::SnapshotChunk>& chunks) {
    for (const char* part : {"seed", "", "fed"}) {
      chunks.emplace_back().set_total_bytes(7);
      chunks.back().set_data(part);
    }
    return grpc::Status::OK;
  };
  const absl::StatusOr<std::string> snapshot = client_.FetchSnapshot(ExampleMembership(), 7);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(*snapshot, "seedfed");
}

TEST_F(FederationClientTest, SnapshotOfAnotherSize_IsNotTaken) {
  uint64_t announced = 8;
  std::string data = "seedfed";
  server_.fetch = [&](const v1::FetchSnapshotRequest&, std::vector<v1::SnapshotChunk>& chunks) {
    chunks.emplace_back().set_total_bytes(announced);
    chunks.back().set_data(data);
    return grpc::Status::OK;
  };
  EXPECT_EQ(client_.FetchSnapshot(ExampleMembership(), 7).status(),
            absl::DataLossError("it announces a snapshot of 8 bytes, expected 7"));
  announced = 7;
  data = "seedfed!";
  EXPECT_EQ(client_.FetchSnapshot(ExampleMembership(), 7).status(),
            absl::DataLossError("it sends more of a snapshot than the 7 bytes it announced"));
  data = "seed";
  EXPECT_EQ(client_.FetchSnapshot(ExampleMembership(), 7).status(),
            absl::DataLossError("its snapshot ends after 4 bytes, expected 7"));
}

TEST_F(FederationClientTest, SnapshotRefused_KeepsTheCode) {
  server_.fetch = [](const v1::FetchSnapshotRequest&, std::vector<v1::SnapshotChunk>&) {
    return grpc::Status(grpc::StatusCode::NOT_FOUND, "who?");
  };
  EXPECT_EQ(client_.FetchSnapshot(ExampleMembership(), 7).status(), absl::NotFoundError("who?"));
}

TEST_F(FederationClientTest, Cancel_EndsTheCallUnderWayAndLaterOnes) {
  absl::Notification holding;
  server_.holding = &holding;
  std::thread canceller([&] {
    holding.WaitForNotification();
    client_.Cancel();
  });
  EXPECT_EQ(client_.Await(ExampleMembership(), 0).status().code(), absl::StatusCode::kCancelled);
  canceller.join();
  EXPECT_EQ(client_.Join().status().code(), absl::StatusCode::kCancelled);
}

TEST(FederationClientAlone, NobodyListens_IsUnavailable) {
  std::string address;
  {
    FakeServer gone;
    address = gone.address();
  }
  FederationClient client(address, {}, {"me", ClientRole::kTrain, "test"}, SystemClock());
  const absl::Status status = client.Join().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("Connection refused"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("\n")));
}

TEST(FederationClientAlone, EvaluatorJoins_AsEvaluator) {
  FakeServer server;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  server.join = [&](const v1::JoinRequest& request, v1::JoinResponse& response) {
    role = request.role();
    response = ExampleJoinResponse();
    response.set_client_number(kFirstEvaluator);
    return grpc::Status::OK;
  };
  FederationClient client(server.address(), {}, {"judge", ClientRole::kEvaluate, "test"},
                          SystemClock());
  EXPECT_TRUE(client.Join().ok());
  EXPECT_EQ(role, v1::ROLE_EVALUATE);
}

}  // namespace
}  // namespace seedfed

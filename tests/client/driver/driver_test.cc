#include "client/driver/driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "tests/client/driver/example_data.h"
#include "tests/client/rpc/example_answers.h"
#include "tests/client/rpc/fake_server.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A server of one round, which closes with the single update that it gets: the average of one is
// itself.
class DriverTest : public ::testing::Test {
 protected:
  DriverTest() {
    server_.join = [this](const v1::JoinRequest& request, v1::JoinResponse& response) {
      response = ExampleJoinResponse();
      if (request.role() == v1::ROLE_EVALUATE) response.set_client_number(kFirstEvaluator);
      response.clear_shard();
      response.set_round(model_.round());
      response.set_state(State());
      return grpc::Status::OK;
    };
    server_.submit = [this](const v1::SubmitUpdateRequest& request,
                            v1::SubmitUpdateResponse& response) {
      CloseRound(request.words());
      response.set_outcome(v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
      response.set_round(model_.round());
      return grpc::Status::OK;
    };
    server_.await = [this](const v1::AwaitRoundRequest& request, v1::AwaitRoundResponse& response) {
      response.set_round(model_.round());
      response.set_state(State());
      if (request.have_round() == 0 && model_.round() == 1) *response.add_results() = result_;
      return grpc::Status::OK;
    };
    options_.server = server_.address();
    options_.id = "me";
  }

  void CloseRound(const std::string& words) {
    ASSERT_TRUE(model_.Apply(1, words).ok());
    result_.set_round(1);
    result_.set_words(words);
    result_.set_fingerprint(ToBytes(model_.fingerprint()));
    result_.set_base_checksum(ToBytes(model_.BaseChecksum()));
    result_.mutable_stats()->set_updates(2);
    result_.mutable_stats()->set_bytes_up(2000);
    result_.mutable_stats()->set_duration_ms(1500);
  }

  v1::FederationState State() const {
    return model_.round() == 0 ? v1::FEDERATION_STATE_COLLECTING : v1::FEDERATION_STATE_FINISHED;
  }

  ClientDriver& MakeDriver() {
    std::optional<LineFile> report;
    if (!options_.json.empty()) report = *LineFile::Open(options_.json);
    driver_.emplace(options_, ChannelCredentials(), "test", ExampleData(50), std::move(report),
                    SystemClock(), SystemRandom(), [this](const ClientProgress& progress) {
                      shown_.push_back(progress);
                      if (on_show) on_show(progress);
                    });
    return *driver_;
  }

  std::string ReportedLines() {
    std::ifstream file(options_.json);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::filesystem::remove(options_.json);
    return text;
  }

  Model model_ = *Model::Create(ExampleEnsemble(), ExampleKey());
  v1::RoundResult result_;
  FakeServer server_;
  ClientOptions options_;
  std::vector<ClientProgress> shown_;
  std::function<void(const ClientProgress&)> on_show;
  std::optional<ClientDriver> driver_;
};

TEST_F(DriverTest, Trainer_TrainsSubmitsAndEnds) {
  options_.json = absl::StrCat(::testing::TempDir(), "seedfed_driver_trainer.jsonl");
  EXPECT_EQ(MakeDriver().Run(), 0);
  EXPECT_EQ(model_.round(), 1u);
  const std::string lines = ReportedLines();
  EXPECT_THAT(lines, StartsWith("{\"round\":1,\"outcome\":\"accepted\",\"loss\":"));
  EXPECT_THAT(lines, HasSubstr("\"examples\":32,\"bytes\":48,\"seconds\":"));
}

TEST_F(DriverTest, Evaluator_ReportsTheRoundAndEnds) {
  v1::ReportEvaluationRequest reported;
  server_.report = [&](const v1::ReportEvaluationRequest& request) {
    reported = request;
    return grpc::Status::OK;
  };
  options_.role = ClientRole::kEvaluate;
  options_.json = absl::StrCat(::testing::TempDir(), "seedfed_driver_evaluator.jsonl");
  CloseRound(ExampleWords(model_, 1));
  EXPECT_EQ(MakeDriver().Run(), 0);
  const std::string lines = ReportedLines();
  EXPECT_THAT(lines, StartsWith("{\"round\":1,\"accuracy\":"));
  EXPECT_THAT(lines,
              HasSubstr(absl::StrCat("\"bytes_up\":1000,\"bytes_down\":48,\"seconds\":1.5,",
                                     "\"fingerprint\":\"", ToHex(model_.fingerprint()), "\"")));
  EXPECT_EQ(reported.round(), 1u);
  EXPECT_EQ(reported.client_number(), kFirstEvaluator);
  EXPECT_EQ(reported.examples(), 50u);
  EXPECT_GT(reported.loss(), 0);
  EXPECT_THAT(lines, HasSubstr(absl::StrCat("\"accuracy\":", reported.accuracy())));
}

TEST_F(DriverTest, EvaluatorOfAnOlderServer_EndsWell) {
  options_.role = ClientRole::kEvaluate;
  CloseRound(ExampleWords(model_, 1));
  EXPECT_EQ(MakeDriver().Run(), 0);
}

TEST_F(DriverTest, Progress_FollowsARound) {
  EXPECT_EQ(MakeDriver().Run(), 0);
  std::vector<Activity> activities;
  for (const ClientProgress& progress : shown_) {
    if (activities.empty() || activities.back() != progress.activity) {
      activities.push_back(progress.activity);
    }
  }
  EXPECT_THAT(activities,
              ElementsAre(Activity::kConnecting, Activity::kPreparing, Activity::kTraining,
                          Activity::kSending, Activity::kWaitingForRound));
  EXPECT_EQ(shown_.back().round, 1u);
  EXPECT_EQ(shown_.back().rounds, 10u);
  EXPECT_EQ(shown_.back().bytes, 48u);
  EXPECT_TRUE(shown_.back().loss.has_value());
}

TEST_F(DriverTest, OtherModelThanWanted_IsBadInput) {
  options_.model = {{12, 21, 8}, {5, 13, 8}};
  EXPECT_EQ(MakeDriver().Run(), 2);
}

TEST_F(DriverTest, DataDoNotFit_IsBadInput) {
  server_.join = [](const v1::JoinRequest&, v1::JoinResponse& response) {
    response = ExampleJoinResponse();
    response.mutable_shard()->set_count(51);
    response.mutable_shard()->set_alpha(0);
    return grpc::Status::OK;
  };
  EXPECT_EQ(MakeDriver().Run(), 2);
}

TEST_F(DriverTest, Refused_IsStatusOne) {
  server_.join = nullptr;
  EXPECT_EQ(MakeDriver().Run(), 1);
}

TEST_F(DriverTest, StopBeforeRun_EndsWithStatusZero) {
  ClientDriver& driver = MakeDriver();
  driver.Stop();
  EXPECT_EQ(driver.Run(), 0);
}

TEST_F(DriverTest, StopWhilePolling_EndsWithStatusZero) {
  options_.role = ClientRole::kEvaluate;
  absl::Notification holding;
  server_.holding = &holding;
  ClientDriver& driver = MakeDriver();
  std::thread stopper([&] {
    holding.WaitForNotification();
    driver.Stop();
  });
  EXPECT_EQ(driver.Run(), 0);
  stopper.join();
}

TEST_F(DriverTest, StopWhileTraining_SubmitsNothing) {
  ClientDriver& driver = MakeDriver();
  bool stopped = false;
  on_show = [&](const ClientProgress& progress) {
    if (progress.activity == Activity::kTraining && !std::exchange(stopped, true)) driver.Stop();
  };
  EXPECT_EQ(driver.Run(), 0);
  EXPECT_EQ(model_.round(), 0u);
}

TEST_F(DriverTest, StopWhileWaitingForTheServer_EndsWithStatusZero) {
  std::string nobody;
  {
    FakeServer gone;
    nobody = gone.address();
  }
  options_.server = nobody;
  absl::Notification failing;
  on_show = [&](const ClientProgress& progress) {
    if (progress.activity == Activity::kReconnecting && !failing.HasBeenNotified()) {
      failing.Notify();
    }
  };
  ClientDriver& driver = MakeDriver();
  std::thread stopper([&] {
    failing.WaitForNotification();
    driver.Stop();
  });
  EXPECT_EQ(driver.Run(), 0);
  stopper.join();
}

}  // namespace
}  // namespace seedfed

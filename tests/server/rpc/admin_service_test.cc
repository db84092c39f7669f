#include "server/rpc/admin_service.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/base/clock.h"
#include "common/wire/convert.h"
#include "server/rpc/grpc_server.h"
#include "tests/common/token/token_folder.h"
#include "tests/server/core/core_fixture.h"
#include "tests/server/store/fake_store.h"

namespace seedfed {
namespace {

using grpc::StatusCode;

constexpr RoundRules kRules = {.rounds = 50,
                               .goal = 1,
                               .quorum = 1,
                               .min_clients = 1,
                               .poll = absl::Milliseconds(200),
                               .example_cap = 1000};
constexpr absl::Duration kLong = absl::Seconds(20);

// A real server on a free port of the loopback address with both services, and stubs for them.
class AdminServiceTest : public ::testing::Test {
 protected:
  void SetUp() override { Serve(std::nullopt); }

  void Serve(std::optional<AdminCredential> credential, const std::string& host = "127.0.0.1") {
    ASSERT_TRUE(store_.Create({TestId(), TestKey(), SmallSpec()}).ok());
    auto core =
        FederationCore::Create(kRules, TestId(), TestKey(), *Model::Create(SmallSpec(), TestKey()),
                               {}, SystemClock().Monotonic());
    ASSERT_TRUE(core.ok()) << core.status();
    runtime_ = std::make_unique<Runtime>(io_, *std::move(core), Monitor({.version = "1.2.3"}),
                                         store_, SystemClock(), false,
                                         [this](const absl::Status&) { ended_.Notify(); });
    const JoinTerms terms = {.federation_id = TestId(),
                             .key = TestKey(),
                             .plan = {.learning_rate = {0.1, 0.1}},
                             .rounds = kRules.rounds,
                             .poll = kRules.poll,
                             .example_cap = kRules.example_cap};
    federation_ = std::make_unique<FederationService>(*runtime_, terms);
    admin_ = std::make_unique<AdminService>(*runtime_, store_, terms, std::move(credential));
    auto server = GrpcServer::Start({host, 0}, {federation_.get(), admin_.get()}, size_t{1} << 20);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    runtime_->Start();
    thread_ = std::thread([this] { io_.run(); });
    CallAt("127.0.0.1");
  }

  // Calls go to this address of the machine from now on, and so come from it.
  void CallAt(const std::string& address) {
    const auto channel = grpc::CreateChannel(address + ":" + std::to_string(server_->port()),
                                             grpc::InsecureChannelCredentials());
    stub_ = v1::Admin::NewStub(channel);
    members_ = v1::Federation::NewStub(channel);
  }

  void Shutdown() {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] { runtime_->Stop(); });
    server_->Shutdown();
    work_.reset();
    io_.stop();
    thread_.join();
  }

  void TearDown() override { Shutdown(); }

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::Admin::Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                    const Request& request, Response* response, const std::string& token = "") {
    grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("authorization", token);
    return (stub_.get()->*method)(&context, request, response);
  }

  grpc::Status Pause() {
    v1::PauseResponse response;
    return Call(&v1::Admin::Stub::Pause, v1::PauseRequest(), &response);
  }
  grpc::Status Resume() {
    v1::ResumeResponse response;
    return Call(&v1::Admin::Stub::Resume, v1::ResumeRequest(), &response);
  }
  v1::Status GetStatus() {
    v1::Status response;
    EXPECT_TRUE(Call(&v1::Admin::Stub::GetStatus, v1::GetStatusRequest(), &response).ok());
    return response;
  }

  // The codes that the calls of the service are answered with, without a token.
  std::set<StatusCode> AnswersToEveryCall() {
    std::set<StatusCode> codes;
    const auto unary = [&](auto method, const auto& request, auto response) {
      codes.insert(Call(method, request, &response).error_code());
    };
    using Stub = v1::Admin::Stub;
    unary(&Stub::GetStatus, v1::GetStatusRequest(), v1::Status());
    unary(&Stub::ListClients, v1::ListClientsRequest(), v1::ListClientsResponse());
    unary(&Stub::ListRounds, v1::ListRoundsRequest(), v1::Rounds());
    unary(&Stub::Pause, v1::PauseRequest(), v1::PauseResponse());
    unary(&Stub::Resume, v1::ResumeRequest(), v1::ResumeResponse());
    unary(&Stub::Finish, v1::FinishRequest(), v1::FinishResponse());
    unary(&Stub::Stop, v1::StopRequest(), v1::StopResponse());
    unary(&Stub::DescribeFederation, v1::DescribeFederationRequest(), v1::FederationDescription());
    const auto stream = [&](auto method, const auto& request) {
      grpc::ClientContext context;
      codes.insert((stub_.get()->*method)(&context, request)->Finish().error_code());
    };
    stream(&Stub::WatchEvents, v1::WatchEventsRequest());
    stream(&Stub::ExportModel, v1::ExportModelRequest());
    stream(&Stub::ExportRounds, v1::ExportRoundsRequest());
    return codes;
  }

  void Join(const std::string& id) {
    v1::JoinRequest request;
    request.set_client_id(id);
    request.set_role(v1::ROLE_TRAIN);
    request.set_protocol(kProtocolVersion);
    v1::JoinResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(members_->Join(&context, request, &response).ok());
  }

  // The update of trainer 0; it ends the round unless the federation is held.
  void Submit(uint32_t round) {
    const UpdateCodec codec(SmallSpec(), TestKey());
    const std::vector<int32_t> coordinates(codec.spec().coordinates(), 5000);
    v1::SubmitUpdateRequest request;
    request.set_federation_id(ToBytes(TestId()));
    request.set_round(round);
    request.set_examples(10);
    request.set_words(codec.Encode(coordinates, round, {{1, 2}, 3}));
    request.set_loss(0.25F);
    v1::SubmitUpdateResponse response;
    grpc::ClientContext context;
    const grpc::Status status = members_->SubmitUpdate(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(response.outcome(), v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
  }

  // Waits until `round` is complete, asking as a client does.
  void AwaitRound(uint32_t round) {
    for (int i = 0; i < 100; ++i) {
      v1::AwaitRoundRequest request;
      request.set_federation_id(ToBytes(TestId()));
      request.set_have_round(round - 1);
      v1::AwaitRoundResponse response;
      grpc::ClientContext context;
      ASSERT_TRUE(members_->AwaitRound(&context, request, &response).ok());
      if (response.round() >= round) return;
    }
    FAIL() << "round " << round << " does not end";
  }

  // Lets `count` events of 200 bytes happen, all at once.
  void Happen(size_t count) {
    absl::Notification done;
    runtime_->Begin(
        [count](FederationCore&, CallId call, absl::Duration) {
          Effects effects;
          for (size_t i = 0; i < count; ++i) {
            effects.events.push_back({.kind = EventKind::kWaiting, .text = std::string(200, 'x')});
          }
          effects.replies.push_back({call, DoneReply{}});
          return effects;
        },
        [&done](const Runtime::Content&) { done.Notify(); });
    ASSERT_TRUE(done.WaitForNotificationWithTimeout(kLong));
  }

  FakeStore store_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(io_);
  absl::Notification ended_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<FederationService> federation_;
  std::unique_ptr<AdminService> admin_;
  std::unique_ptr<GrpcServer> server_;
  std::thread thread_;
  std::unique_ptr<v1::Admin::Stub> stub_;
  std::unique_ptr<v1::Federation::Stub> members_;
};

TEST_F(AdminServiceTest, Looking_ShowsWhatTheMonitorHas) {
  Join("c0");
  Submit(1);
  AwaitRound(1);
  const v1::Status status = GetStatus();
  EXPECT_EQ(status.version(), "1.2.3");
  EXPECT_EQ(status.protocol(), kProtocolVersion);
  EXPECT_EQ(status.federation_id(), ToHex(TestId()));
  EXPECT_EQ(status.round(), 1U);
  EXPECT_EQ(status.rounds(), 50U);
  EXPECT_EQ(status.clients().trainers(), 1U);

  v1::ListClientsResponse clients;
  ASSERT_TRUE(Call(&v1::Admin::Stub::ListClients, v1::ListClientsRequest(), &clients).ok());
  ASSERT_EQ(clients.clients_size(), 1);
  EXPECT_EQ(clients.clients(0).id(), "c0");
  v1::Rounds rounds;
  ASSERT_TRUE(Call(&v1::Admin::Stub::ListRounds, v1::ListRoundsRequest(), &rounds).ok());
  ASSERT_EQ(rounds.round_size(), 1);
  EXPECT_EQ(rounds.training_loss(0), 0.25);
}

TEST_F(AdminServiceTest, UnknownOrder_Refused) {
  v1::ListClientsRequest request;
  request.set_sort("age");
  v1::ListClientsResponse response;
  const grpc::Status status = Call(&v1::Admin::Stub::ListClients, request, &response);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "sort is 'age'; expected id, seen or late");
}

TEST_F(AdminServiceTest, Description_IsWhatAMemberIsTold) {
  v1::FederationDescription description;
  ASSERT_TRUE(
      Call(&v1::Admin::Stub::DescribeFederation, v1::DescribeFederationRequest(), &description)
          .ok());
  EXPECT_EQ(description.federation_id(), ToBytes(TestId()));
  EXPECT_EQ(description.key(), ToBytes(TestKey().bytes()));
  EXPECT_EQ(*FromProto(description.model()), SmallSpec());
  EXPECT_EQ(description.training().learning_rate_size(), 2);
}

TEST_F(AdminServiceTest, Pause_HoldsTheRoundUntilResume) {
  Join("c0");
  ASSERT_TRUE(Pause().ok());
  ASSERT_TRUE(Pause().ok()) << "holding twice is holding once";
  Submit(1);
  EXPECT_EQ(GetStatus().state(), "held");
  EXPECT_EQ(GetStatus().round(), 0U);
  EXPECT_TRUE(store_.Load()->control.held);
  ASSERT_TRUE(Resume().ok());
  AwaitRound(1);
  EXPECT_FALSE(store_.Load()->control.held);
}

TEST_F(AdminServiceTest, Finish_EndsAfterTheLastCompleteRoundForGood) {
  Join("c0");
  Submit(1);
  AwaitRound(1);
  v1::FinishResponse response;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Call(&v1::Admin::Stub::Finish, v1::FinishRequest(), &response).ok());
    EXPECT_EQ(response.round(), 1U);
  }
  EXPECT_EQ(GetStatus().state(), "finished");
  const grpc::Status pause = Pause();
  EXPECT_EQ(pause.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(pause.error_message(), "the federation is finished after round 1");
}

TEST_F(AdminServiceTest, Stop_IsAnsweredThenEndsTheRuntime) {
  v1::StopResponse response;
  EXPECT_TRUE(Call(&v1::Admin::Stub::Stop, v1::StopRequest(), &response).ok());
  EXPECT_TRUE(ended_.WaitForNotificationWithTimeout(kLong));
}

TEST_F(AdminServiceTest, Events_ThoseThereAreThenTheEnd) {
  Join("c0");
  Happen(300);
  v1::WatchEventsRequest request;
  request.set_after(1);
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, request);
  v1::Event event;
  uint64_t last = 1;
  for (; reader->Read(&event); last = event.id()) EXPECT_EQ(event.id(), last + 1);
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_GE(last, 301U);
}

TEST_F(AdminServiceTest, FollowedEvents_ComeAsTheyHappenUntilTheServerStops) {
  v1::WatchEventsRequest request;
  request.set_follow(true);
  request.set_after(123456);  // of a run before this one
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, request);
  reader->WaitForInitialMetadata();
  v1::Event event;
  for (const char* id : {"first", "second"}) {
    Join(id);
    do {
      ASSERT_TRUE(reader->Read(&event));
    } while (event.kind() != "client_joined");
    EXPECT_EQ(event.client(), id);
  }
  std::thread stop([this] { Shutdown(); });
  while (reader->Read(&event)) {
  }
  const grpc::Status status = reader->Finish();
  stop.join();
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "the server is stopping");
}

TEST_F(AdminServiceTest, SlowFollower_IsToldHowManyItMissed) {
  v1::WatchEventsRequest request;
  request.set_follow(true);
  grpc::ClientContext context;
  const auto reader = stub_->WatchEvents(&context, request);
  reader->WaitForInitialMetadata();
  // Far more than the transport takes without a reader, and than the server keeps.
  constexpr uint64_t kEvents = 50'000;
  for (int i = 0; i < 10; ++i) Happen(kEvents / 10);
  uint64_t seen = 0, missed = 0, last = 0;
  v1::Event event;
  while (seen + missed < kEvents && reader->Read(&event)) {
    EXPECT_GT(event.id(), last);
    last = event.id();
    if (event.kind() == "gap") {
      EXPECT_EQ(event.level(), "warning");
      missed += std::stoull(event.text());
    } else {
      ++seen;
    }
  }
  EXPECT_EQ(seen + missed, kEvents);
  EXPECT_GT(missed, kEvents / 2);
  EXPECT_EQ(last, kEvents);
  context.TryCancel();
  reader->Finish();
}

TEST_F(AdminServiceTest, FollowersThatHangUp_LeaveTheServerServing) {
  for (int i = 0; i < 20; ++i) {
    v1::WatchEventsRequest request;
    request.set_follow(true);
    grpc::ClientContext context;
    const auto reader = stub_->WatchEvents(&context, request);
    if (i % 2 == 0) reader->WaitForInitialMetadata();
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED);
  }
  Join("c0");
  EXPECT_EQ(GetStatus().clients().trainers(), 1U);
}

TEST_F(AdminServiceTest, ExportedModel_IsThatOfTheLastCompleteRound) {
  Join("c0");
  for (uint32_t round = 1; round <= 2; ++round) {
    Submit(round);
    AwaitRound(round);
  }
  grpc::ClientContext context;
  const auto reader = stub_->ExportModel(&context, v1::ExportModelRequest());
  std::string bytes;
  for (v1::SnapshotChunk chunk; reader->Read(&chunk);) bytes += chunk.data();
  ASSERT_TRUE(reader->Finish().ok());
  const auto model = Model::FromSnapshot(bytes, SmallSpec(), TestKey());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->round(), 2U);
  EXPECT_EQ(ToHex(model->fingerprint()), GetStatus().model().fingerprint());
}

TEST_F(AdminServiceTest, ExportedRounds_LeadToTheModel) {
  Join("c0");
  for (uint32_t round = 1; round <= 5; ++round) {
    Submit(round);
    AwaitRound(round);
  }
  grpc::ClientContext context;
  const auto reader = stub_->ExportRounds(&context, v1::ExportRoundsRequest());
  Model model = *Model::Create(SmallSpec(), TestKey());
  for (v1::RoundResult result; reader->Read(&result);) {
    ASSERT_TRUE(model.Apply(result.round(), result.words()).ok());
    EXPECT_EQ(ToBytes(model.fingerprint()), result.fingerprint());
    EXPECT_EQ(result.stats().updates(), 1U);
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(model.round(), 5U);
}

TEST_F(AdminServiceTest, ExportOfRoundsThatAreNotThere_Refused) {
  const auto refusal = [this](uint32_t first, uint32_t last) {
    v1::ExportRoundsRequest request;
    request.set_first(first);
    request.set_last(last);
    grpc::ClientContext context;
    const auto reader = stub_->ExportRounds(&context, request);
    v1::RoundResult result;
    EXPECT_FALSE(reader->Read(&result));
    return reader->Finish();
  };
  EXPECT_TRUE(refusal(0, 0).ok()) << "none is complete: an empty stream";
  EXPECT_EQ(refusal(1, 0).error_message(), "round 1 is not complete; the last complete round is 0");
  Join("c0");
  for (uint32_t round = 1; round <= 2; ++round) {
    Submit(round);
    AwaitRound(round);
  }
  EXPECT_EQ(refusal(1, 3).error_message(), "round 3 is not complete; the last complete round is 2");
  EXPECT_EQ(refusal(2, 1).error_message(),
            "the first round is 2, the last is 1; expected the first to be at most the last");
  EXPECT_EQ(refusal(2, 1).error_code(), StatusCode::INVALID_ARGUMENT);
}

// The machine's own addresses beyond loopback.
std::vector<std::string> OtherAddresses() {
  std::vector<std::string> addresses;
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) return addresses;
  for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_LOOPBACK) != 0) continue;
    const bool v6 = each->ifa_addr->sa_family == AF_INET6;
    if (!v6 && each->ifa_addr->sa_family != AF_INET) continue;
    char text[NI_MAXHOST];
    const socklen_t size = v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    if (getnameinfo(each->ifa_addr, size, text, sizeof(text), nullptr, 0, NI_NUMERICHOST) != 0) {
      continue;
    }
    const std::string address = text;
    if (address.find('%') == std::string::npos) {  // not of one link only
      addresses.push_back(v6 ? "[" + address + "]" : address);
    }
  }
  freeifaddrs(all);
  return addresses;
}

class AdminServiceOnEveryAddress : public AdminServiceTest {
 protected:
  void SetUp() override { Serve(std::nullopt, "0.0.0.0"); }
};

TEST_F(AdminServiceOnEveryAddress, CallsFromBeyondLoopback_NeedAToken) {
  const std::vector<std::string> addresses = OtherAddresses();
  if (addresses.empty()) GTEST_SKIP() << "this machine has no address beyond loopback";
  for (const std::string& address : addresses) {
    CallAt(address);
    EXPECT_EQ(AnswersToEveryCall(), std::set{StatusCode::PERMISSION_DENIED}) << address;
    EXPECT_EQ(Pause().error_message(),
              "the server takes admin calls from its own machine only; set its admin.token_file to "
              "take them from elsewhere");
    Join("c0");  // members may come from everywhere
  }
  CallAt("127.0.0.1");
  EXPECT_NE(GetStatus().state(), "held");
  EXPECT_FALSE(ended_.HasBeenNotified());
}

class AdminServiceWithToken : public AdminServiceTest {
 protected:
  void SetUp() override {
    const auto credential = AdminCredential::Load(folder_.Write("correct-horse-battery\n"));
    ASSERT_TRUE(credential.ok());
    Serve(*credential);
  }

  TokenFolder folder_;
};

TEST_F(AdminServiceWithToken, EveryCall_NeedsIt) {
  v1::Status status;
  const auto get = [&](const std::string& token) {
    return Call(&v1::Admin::Stub::GetStatus, v1::GetStatusRequest(), &status, token);
  };
  EXPECT_TRUE(get("Bearer correct-horse-battery").ok());
  EXPECT_EQ(get("").error_message(), "the server's admin calls need its admin token");
  EXPECT_EQ(get("Bearer wrong-horse-battery-").error_message(),
            "the admin token is not this server's");
  EXPECT_EQ(get("").error_code(), StatusCode::UNAUTHENTICATED);

  EXPECT_EQ(AnswersToEveryCall(), std::set{StatusCode::UNAUTHENTICATED});
  // Members need no token, and nothing that was refused has happened.
  Join("c0");
  ASSERT_TRUE(get("Bearer correct-horse-battery").ok());
  EXPECT_EQ(status.clients().trainers(), 1U);
  EXPECT_NE(status.state(), "held");
  EXPECT_FALSE(ended_.HasBeenNotified());
}

}  // namespace
}  // namespace seedfed

#include "server/rpc/federation_service.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "common/base/clock.h"
#include "common/wire/convert.h"
#include "server/rpc/grpc_server.h"
#include "tests/common/token/token_folder.h"
#include "tests/server/core/core_fixture.h"
#include "tests/server/store/fake_store.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr RoundRules kRules = {.rounds = 2,
                               .goal = 2,
                               .quorum = 2,
                               .min_clients = 1,
                               .poll = absl::Milliseconds(200),
                               .example_cap = 1000};

// A real server on a free port of the loopback address, and a stub for it.
class FederationServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(store_.Create({TestId(), TestKey(), SmallSpec()}).ok());
    auto core =
        FederationCore::Create(kRules, TestId(), TestKey(), *Model::Create(SmallSpec(), TestKey()),
                               {}, SystemClock().Monotonic());
    runtime_ = std::make_unique<Runtime>(io_, *std::move(core), Monitor(ServerFacts()), store_,
                                         SystemClock(), false, [](const absl::Status&) {});
    JoinTerms terms = {.federation_id = TestId(),
                       .key = TestKey(),
                       .plan = {.learning_rate = {0.1, 0.1}},
                       .shards = 2,
                       .alpha = 0.5,
                       .rounds = 2,
                       .poll = kRules.poll,
                       .example_cap = 1000};
    service_ = std::make_unique<FederationService>(*runtime_, terms, admission(), &room_);
    auto server = GrpcServer::Start({"127.0.0.1", 0}, {service_.get()}, 1 << 20);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    runtime_->Start();
    thread_ = std::thread([this] { io_.run(); });
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                                   grpc::InsecureChannelCredentials());
    stub_ = v1::Federation::NewStub(channel_);
  }

  // Everybody is let in.
  virtual CallAdmission* admission() { return nullptr; }

  void TearDown() override {
    boost::asio::post(io_, [this] { runtime_->Stop(); });
    server_->Shutdown();
    work_.reset();
    io_.stop();
    thread_.join();
  }

  grpc::Status Join(const std::string& id, v1::Role role, v1::JoinResponse* response,
                    uint32_t protocol = kProtocolVersion) {
    v1::JoinRequest request;
    request.set_client_id(id);
    request.set_role(role);
    request.set_protocol(protocol);
    grpc::ClientContext context;
    return stub_->Join(&context, request, response);
  }

  grpc::Status Submit(uint32_t client, const std::string& words,
                      v1::SubmitUpdateResponse* response) {
    v1::SubmitUpdateRequest request;
    request.set_federation_id(ToBytes(TestId()));
    request.set_client_number(client);
    request.set_round(1);
    request.set_examples(10);
    request.set_words(words);
    request.set_loss(0.25F);
    grpc::ClientContext context;
    return stub_->SubmitUpdate(&context, request, response);
  }

  grpc::Status Await(uint32_t client, uint32_t have, v1::AwaitRoundResponse* response) {
    v1::AwaitRoundRequest request;
    request.set_federation_id(ToBytes(TestId()));
    request.set_client_number(client);
    request.set_have_round(have);
    grpc::ClientContext context;
    return stub_->AwaitRound(&context, request, response);
  }

  UpdateRoom room_{1000};
  FakeStore store_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(io_);
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<FederationService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::thread thread_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Federation::Stub> stub_;
};

// The same for clients with tokens, of which each may have calls on one connection.
class OneConnectionTest : public FederationServiceTest {
 protected:
  CallAdmission* admission() override {
    const std::string path = folder_.path() + "/tokens";
    EXPECT_TRUE(
        WriteClientTokenFile(path, {MakeClientTokenLine({"c0", Blake2b256("sft_c0")})}).ok());
    admission_.emplace(*ClientTokens::Load(path, SystemClock()),
                       CallerLimits{.identity_calls = 1e9, .identity_connections = 1},
                       SystemClock());
    return &*admission_;
  }

  // A connection of its own.
  std::unique_ptr<v1::Federation::Stub> Connect() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return v1::Federation::NewStub(
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                  grpc::InsecureChannelCredentials(), arguments));
  }

  template <typename Request>
  static void Authorize(grpc::ClientContext& context, Request& request) {
    context.AddMetadata("authorization", "Bearer sft_c0");
    request.set_federation_id(ToBytes(TestId()));
  }

  static grpc::Status Await(v1::Federation::Stub& stub) {
    grpc::ClientContext context;
    v1::AwaitRoundRequest request;
    v1::AwaitRoundResponse response;
    Authorize(context, request);
    return stub.AwaitRound(&context, request, &response);
  }

  // An update of a round that is over, which is answered at once.
  static grpc::Status SubmitLate(v1::Federation::Stub& stub) {
    grpc::ClientContext context;
    v1::SubmitUpdateRequest request;
    v1::SubmitUpdateResponse response;
    Authorize(context, request);
    return stub.SubmitUpdate(&context, request, &response);
  }

  // `call`, again and again until no call on another connection is in its way.
  static grpc::Status OnceFree(const std::function<grpc::Status()>& call) {
    while (true) {
      grpc::Status status = call();
      if (status.error_code() != grpc::StatusCode::RESOURCE_EXHAUSTED) return status;
    }
  }

  static grpc::Status FetchSnapshot(v1::Federation::Stub& stub) {
    grpc::ClientContext context;
    v1::FetchSnapshotRequest request;
    v1::SnapshotChunk chunk;
    Authorize(context, request);
    const auto stream = stub.FetchSnapshot(&context, request);
    while (stream->Read(&chunk)) {
    }
    return stream->Finish();
  }

  void JoinWithToken(v1::Federation::Stub& stub) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer sft_c0");
    v1::JoinRequest request;
    v1::JoinResponse response;
    request.set_client_id("c0");
    request.set_role(v1::ROLE_TRAIN);
    request.set_protocol(kProtocolVersion);
    const grpc::Status status = stub.Join(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  TokenFolder folder_;
  std::optional<CallAdmission> admission_;
};

TEST_F(OneConnectionTest, SecondConnection_RefusedWhileTheFirstHasACall) {
  const auto first = Connect(), second = Connect();
  JoinWithToken(*first);
  std::future<grpc::Status> waiting = std::async(
      std::launch::async, [&first] { return OnceFree([&first] { return Await(*first); }); });
  grpc::Status status;
  while (status.ok() && waiting.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    status = SubmitLate(*second);
  }
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(),
              HasSubstr("client c0 has calls on as many other connections as it may: 1"));
  EXPECT_TRUE(SubmitLate(*first).ok());
  EXPECT_TRUE(waiting.get().ok());
  EXPECT_TRUE(OnceFree([&second] { return SubmitLate(*second); }).ok());
}

TEST_F(OneConnectionTest, EveryKindOfCall_FreesItsConnection) {
  JoinWithToken(*Connect());
  for (grpc::Status (*call)(v1::Federation::Stub&) :
       {&SubmitLate, &FetchSnapshot, &Await, &SubmitLate}) {
    const auto stub = Connect();
    const grpc::Status status = OnceFree([&] { return call(*stub); });
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
}

TEST_F(FederationServiceTest, Join_TellsEverythingAClientNeeds) {
  v1::JoinResponse response;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &response).ok());
  EXPECT_EQ(response.federation_id(), ToBytes(TestId()));
  EXPECT_EQ(response.key(), ToBytes(TestKey().bytes()));
  EXPECT_EQ(response.client_number(), 0U);
  EXPECT_EQ(*FromProto(response.model()), SmallSpec());
  EXPECT_EQ(response.training().learning_rate_size(), 2);
  EXPECT_EQ(response.shard().index(), 0U);
  EXPECT_EQ(response.shard().count(), 2U);
  EXPECT_EQ(response.shard().alpha(), 0.5);
  EXPECT_EQ(response.rounds(), 2U);
  EXPECT_EQ(response.poll_ms(), 200U);
  EXPECT_EQ(response.example_cap(), 1000U);
  ASSERT_TRUE(Join("c1", v1::ROLE_TRAIN, &response).ok());
  EXPECT_EQ(response.client_number(), 1U);
  EXPECT_EQ(response.shard().index(), 1U);
}

TEST_F(FederationServiceTest, BadJoin_RefusedWithCodeAndSentence) {
  v1::JoinResponse response;
  const grpc::Status version = Join("c0", v1::ROLE_TRAIN, &response, 7);
  EXPECT_EQ(version.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(version.error_message(), "the client speaks protocol version 7; this server speaks 2");
  const grpc::Status role = Join("c0", v1::ROLE_UNSPECIFIED, &response);
  EXPECT_EQ(role.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(role.error_message(), "role is 0; expected 1 (train) or 2 (evaluate)");
  const grpc::Status id = Join("", v1::ROLE_TRAIN, &response);
  EXPECT_EQ(id.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(id.error_message(), StartsWith("client id ''"));
}

TEST_F(FederationServiceTest, Round_FromUpdatesToWords) {
  v1::JoinResponse join;
  v1::SubmitUpdateResponse submit;
  for (const char* id : {"c0", "c1"}) ASSERT_TRUE(Join(id, v1::ROLE_TRAIN, &join).ok());
  const UpdateCodec codec(SmallSpec(), TestKey());
  for (uint32_t c = 0; c < 2; ++c) {
    const std::vector<int32_t> coordinates(codec.spec().coordinates(), 5000);
    ASSERT_TRUE(Submit(c, codec.Encode(coordinates, 1, {{c, c}, c}), &submit).ok());
    EXPECT_EQ(submit.outcome(), v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
  }
  v1::AwaitRoundResponse await;
  ASSERT_TRUE(Await(0, 0, &await).ok());
  ASSERT_EQ(await.results_size(), 1);
  EXPECT_FALSE(await.results(0).has_stats());
  Model model = *Model::Create(SmallSpec(), TestKey());
  ASSERT_TRUE(model.Apply(1, await.results(0).words()).ok());
  EXPECT_EQ(ToBytes(model.fingerprint()), await.results(0).fingerprint());
  EXPECT_EQ(ToBytes(model.BaseChecksum()), await.results(0).base_checksum());

  ASSERT_TRUE(Join("e", v1::ROLE_EVALUATE, &join).ok());
  EXPECT_EQ(join.client_number(), kFirstEvaluator);
  ASSERT_TRUE(Await(kFirstEvaluator, 0, &await).ok());
  ASSERT_TRUE(await.results(0).has_stats());
  EXPECT_EQ(await.results(0).stats().updates(), 2U);
  EXPECT_EQ(await.results(0).stats().examples(), 20U);
  EXPECT_EQ(await.results(0).stats().training_loss(), 0.25);
  EXPECT_GT(await.results(0).stats().bytes_up(), 2 * SmallSpec().update_bytes());

  ASSERT_TRUE(Submit(0, std::string(32, '\0'), &submit).ok());
  EXPECT_EQ(submit.outcome(), v1::SubmitUpdateResponse::OUTCOME_LATE);
  EXPECT_EQ(submit.round(), 1U);
}

TEST_F(FederationServiceTest, BadUpdate_InvalidArgumentWithTheReason) {
  v1::JoinResponse join;
  v1::SubmitUpdateResponse submit;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &join).ok());
  const grpc::Status status = Submit(0, "abc", &submit);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "the update has 3 bytes; the model's ensemble update has 32");
}

TEST_F(FederationServiceTest, FullQueue_TellsWhenToComeAgain) {
  v1::JoinResponse joined;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &joined).ok());
  v1::SubmitUpdateResponse response;
  UpdateRoom::Place full = room_.Take(1000);
  v1::SubmitUpdateRequest request;
  request.set_federation_id(ToBytes(TestId()));
  request.set_round(1);
  request.set_examples(10);
  const UpdateCodec codec(SmallSpec(), TestKey());
  const std::vector<int32_t> coordinates(codec.spec().coordinates(), 5000);
  request.set_words(codec.Encode(coordinates, 1, {{1, 1}, 1}));
  grpc::ClientContext context;
  const grpc::Status refused = stub_->SubmitUpdate(&context, request, &response);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.error_message(),
            "the server has 1000 bytes of updates to store first, of at most 1000; retry after "
            "250ms");
  const auto retry_after = context.GetServerTrailingMetadata().find("retry-after-ms");
  ASSERT_NE(retry_after, context.GetServerTrailingMetadata().end());
  EXPECT_EQ(retry_after->second, "250");
  full.reset();
  EXPECT_TRUE(Submit(0, request.words(), &response).ok());
  EXPECT_EQ(response.outcome(), v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
  // The answer is there a moment before its update leaves the room.
  while (room_.bytes() > 0) std::this_thread::yield();
}

TEST_F(FederationServiceTest, HugeMessage_RefusedByTheTransport) {
  v1::JoinResponse join;
  v1::SubmitUpdateResponse submit;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &join).ok());
  EXPECT_EQ(Submit(0, std::string(2 << 20, 'x'), &submit).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Join("c0", v1::ROLE_TRAIN, &join).ok());
}

TEST_F(FederationServiceTest, Await_AnswersEmptyAfterThePollTime) {
  v1::JoinResponse join;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &join).ok());
  v1::AwaitRoundResponse await;
  ASSERT_TRUE(Await(0, 0, &await).ok());
  EXPECT_EQ(await.results_size(), 0);
  EXPECT_EQ(await.state(), v1::FEDERATION_STATE_COLLECTING);
}

TEST_F(FederationServiceTest, CallerWhoKnowsTheEnd_IsNotAskedWhichRoundItHas) {
  v1::JoinResponse join;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &join).ok());
  v1::AwaitRoundRequest request;
  request.set_federation_id(ToBytes(TestId()));
  request.set_have_round(99);
  request.set_knows_end(true);
  grpc::ClientContext context;
  v1::AwaitRoundResponse response;
  EXPECT_TRUE(stub_->AwaitRound(&context, request, &response).ok());
  EXPECT_EQ(response.state(), v1::FEDERATION_STATE_COLLECTING);
}

TEST_F(FederationServiceTest, ClientThatHangsUpWhileWaiting_LeavesTheServerServing) {
  v1::JoinResponse join;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &join).ok());
  for (int i = 0; i < 20; ++i) {
    v1::AwaitRoundRequest request;
    request.set_federation_id(ToBytes(TestId()));
    grpc::ClientContext context;
    context.set_deadline(gpr_time_from_millis(5, GPR_TIMESPAN));
    v1::AwaitRoundResponse response;
    EXPECT_FALSE(stub_->AwaitRound(&context, request, &response).ok());
  }
  EXPECT_TRUE(Join("c1", v1::ROLE_TRAIN, &join).ok());
}

TEST_F(FederationServiceTest, Snapshot_StreamsTheModel) {
  v1::JoinResponse join;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &join).ok());
  v1::FetchSnapshotRequest request;
  request.set_federation_id(ToBytes(TestId()));
  grpc::ClientContext context;
  const auto reader = stub_->FetchSnapshot(&context, request);
  std::string bytes;
  v1::SnapshotChunk chunk;
  while (reader->Read(&chunk)) {
    bytes += chunk.data();
    EXPECT_EQ(chunk.total_bytes(), Model::Create(SmallSpec(), TestKey())->snapshot_bytes());
  }
  ASSERT_TRUE(reader->Finish().ok());
  const auto model = Model::FromSnapshot(bytes, SmallSpec(), TestKey());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->round(), 0U);
}

TEST_F(FederationServiceTest, StandardHealthAndReflection_AreServed) {
  grpc::GenericStub generic(channel_);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  const grpc::Slice nothing;
  const grpc::ByteBuffer empty(&nothing, 1);
  auto call = generic.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", empty, &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  ASSERT_TRUE(status.ok()) << status.error_message();
  grpc::Slice slice;
  ASSERT_TRUE(answer.DumpToSingleSlice(&slice).ok());
  // HealthCheckResponse{status: SERVING}: field 1, varint 1.
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(slice.begin()), slice.size()), "\x08\x01");

  grpc::ClientContext reflection;
  auto stream = generic.PrepareCall(
      &reflection, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  stream->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  // ServerReflectionRequest{list_services: ""}: field 7, empty string.
  const grpc::Slice list("\x3a\x00", 2);
  stream->Write(grpc::ByteBuffer(&list, 1), nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  stream->Read(&answer, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  ASSERT_TRUE(answer.DumpToSingleSlice(&slice).ok());
  EXPECT_THAT(std::string(reinterpret_cast<const char*>(slice.begin()), slice.size()),
              HasSubstr("seedfed.v1.Federation"));
  reflection.TryCancel();
  stream->Finish(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
}

TEST_F(FederationServiceTest, SecondServerOnThePort_RefusedWithTheReason) {
  const auto second = GrpcServer::Start({"127.0.0.1", server_->port()}, {service_.get()}, 1 << 20);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(
      second.status().message(),
      "cannot listen on 127.0.0.1:" + std::to_string(server_->port()) + ": Address already in use");
}

TEST_F(FederationServiceTest, UnknownHost_RefusedWithTheReason) {
  const auto server = GrpcServer::Start({"no-such-host.invalid", 0}, {service_.get()}, 1 << 20);
  EXPECT_THAT(std::string(server.status().message()),
              StartsWith("cannot listen on no-such-host.invalid:0: the host is not known"));
}

TEST_F(FederationServiceTest, ReportEvaluation_StoredAndShownByTheMonitor) {
  v1::JoinResponse joined;
  ASSERT_TRUE(Join("c0", v1::ROLE_TRAIN, &joined).ok());
  ASSERT_TRUE(Join("c1", v1::ROLE_TRAIN, &joined).ok());
  ASSERT_TRUE(Join("eve", v1::ROLE_EVALUATE, &joined).ok());
  v1::SubmitUpdateResponse submitted;
  ASSERT_TRUE(Submit(0, std::string(32, '\0'), &submitted).ok());
  ASSERT_TRUE(Submit(1, std::string(32, '\0'), &submitted).ok());
  v1::AwaitRoundResponse round;
  ASSERT_TRUE(Await(joined.client_number(), 0, &round).ok());

  v1::ReportEvaluationRequest request;
  request.set_federation_id(ToBytes(TestId()));
  request.set_client_number(joined.client_number());
  request.set_round(1);
  request.set_accuracy(0.75);
  request.set_loss(0.5);
  request.set_examples(10000);
  v1::ReportEvaluationResponse response;
  {
    grpc::ClientContext context;
    const grpc::Status status = stub_->ReportEvaluation(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  EXPECT_EQ(store_.Load()->evaluations.size(), 1U);
  std::promise<v1::Status> looked;
  runtime_->Inspect([&looked](const FederationCore& core, const Monitor& monitor) {
    looked.set_value(monitor.Status(core, absl::ZeroDuration(), absl::UnixEpoch()));
  });
  const v1::Status status = looked.get_future().get();
  EXPECT_EQ(status.latest().accuracy(), 0.75);
  EXPECT_GT(status.traffic().bytes_up(), 0);
  EXPECT_GT(status.traffic().bytes_down(), 0);
  request.set_client_number(0);
  grpc::ClientContext context;
  EXPECT_EQ(stub_->ReportEvaluation(&context, request, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace seedfed

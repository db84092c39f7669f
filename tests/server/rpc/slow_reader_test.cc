// A caller who asks for a snapshot over a real connection and takes nothing of it.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "common/base/clock.h"
#include "common/wire/convert.h"
#include "server/rpc/federation_service.h"
#include "server/rpc/grpc_server.h"
#include "tests/server/core/core_fixture.h"
#include "tests/server/store/fake_store.h"

namespace seedfed {
namespace {

// Its snapshot is about 1.2 MB: far beyond what HTTP/2 lets a server send unasked, 64 kB.
ModelSpec BigSpec() {
  constexpr uint32_t kTile[] = {8};
  ModelSpec spec;
  spec.layers = *MlpLayers("400-500-200-10", kTile);
  return spec;
}

class SlowReaderTest : public testing::Test {
 protected:
  // A reader is slow who takes nothing for `stall`.
  void Start(absl::Duration stall) {
    ASSERT_TRUE(store_.Create({TestId(), TestKey(), BigSpec()}).ok());
    auto core =
        FederationCore::Create(RoundRules{}, TestId(), TestKey(),
                               *Model::Create(BigSpec(), TestKey()), {}, SystemClock().Monotonic());
    runtime_ = std::make_unique<Runtime>(io_, *std::move(core), Monitor(ServerFacts()), store_,
                                         SystemClock(), false, [](const absl::Status&) {});
    const JoinTerms terms = {.federation_id = TestId(), .key = TestKey()};
    service_ = std::make_unique<FederationService>(*runtime_, terms, nullptr, nullptr, stall);
    server_ = *GrpcServer::Start({"127.0.0.1", 0}, {service_.get()}, 1 << 20);
    runtime_->Start();
    thread_ = std::thread([this] { io_.run(); });
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // the window stays as it is
    stub_ = v1::Federation::NewStub(
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                  grpc::InsecureChannelCredentials(), arguments));
    v1::JoinRequest request;
    request.set_client_id("slow");
    request.set_role(v1::ROLE_TRAIN);
    request.set_protocol(kProtocolVersion);
    v1::JoinResponse response;
    grpc::ClientContext context;
    ASSERT_TRUE(stub_->Join(&context, request, &response).ok());
  }

  void TearDown() override {
    boost::asio::post(io_, [this] { runtime_->Stop(); });
    server_->Shutdown();
    work_.reset();
    io_.stop();
    thread_.join();
  }

  std::unique_ptr<grpc::ClientReader<v1::SnapshotChunk>> Fetch(grpc::ClientContext& context) {
    v1::FetchSnapshotRequest request;
    request.set_federation_id(ToBytes(TestId()));
    return stub_->FetchSnapshot(&context, request);
  }

  uint64_t SlowReaders() const {
    std::promise<uint64_t> count;
    runtime_->Inspect([&count](const FederationCore& core, const Monitor&) {
      count.set_value(core.refusals().of(RefusalReason::kSlowReader));
    });
    return count.get_future().get();
  }

  FakeStore store_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(io_);
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<FederationService> service_;
  std::unique_ptr<GrpcServer> server_;
  std::thread thread_;
  std::unique_ptr<v1::Federation::Stub> stub_;
};

TEST_F(SlowReaderTest, ReaderWhoTakesNothing_IsCutOffAndCounted) {
  Start(absl::Milliseconds(200));
  grpc::ClientContext context;
  const auto reader = Fetch(context);
  while (SlowReaders() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  v1::SnapshotChunk chunk;
  size_t bytes = 0;
  while (reader->Read(&chunk)) bytes += chunk.data().size();
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED) << status.error_message();
  EXPECT_LT(bytes, size_t{1} << 20);
  EXPECT_EQ(SlowReaders(), 1U);
}

TEST_F(SlowReaderTest, ReaderWhoTakesAll_IsServed) {
  Start(absl::Minutes(1));
  grpc::ClientContext context;
  const auto reader = Fetch(context);
  v1::SnapshotChunk chunk;
  size_t bytes = 0;
  while (reader->Read(&chunk)) bytes += chunk.data().size();
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(bytes, chunk.total_bytes());
  EXPECT_GT(bytes, size_t{1} << 20);
  EXPECT_EQ(SlowReaders(), 0U);
}

}  // namespace
}  // namespace seedfed

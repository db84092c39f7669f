#include "server/rpc/grpc_server.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tests/server/listen/filled_descriptors.h"

namespace seedfed {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kHealth[] = "/grpc.health.v1.Health/Check";
constexpr std::chrono::seconds kPatience(20);

std::chrono::system_clock::time_point Soon() {
  return std::chrono::system_clock::now() + kPatience;
}

class GrpcServerTest : public testing::Test {
 protected:
  void Start(const CallLimits& limits) {
    auto server = GrpcServer::Start({"127.0.0.1", 0}, {}, 1 << 16, limits, nullptr,
                                    [this](RefusalReason reason, const absl::Status& why) {
                                      const std::lock_guard lock(mutex_);
                                      refused_.emplace_back(reason, why);
                                    });
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // A channel that shares its connection with no other.
  std::shared_ptr<grpc::Channel> Channel() const {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
    arguments.SetMaxSendMessageSize(-1);
    return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                     grpc::InsecureChannelCredentials(), arguments);
  }

  // Asks for the server's health with any bytes.
  static grpc::Status Call(const std::shared_ptr<grpc::Channel>& channel, size_t bytes = 0,
                           bool wait = false, const std::string& method = kHealth) {
    grpc::GenericStub stub(channel);
    grpc::ClientContext context;
    context.set_deadline(Soon());
    context.set_wait_for_ready(wait);
    const grpc::Slice slice(std::string(bytes, 'x'));
    const grpc::ByteBuffer request(&slice, 1);
    grpc::CompletionQueue queue;
    const auto call = stub.PrepareUnaryCall(&context, method, request, &queue);
    call->StartCall();
    grpc::ByteBuffer response;
    grpc::Status status;
    call->Finish(&response, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status;
  }

  std::vector<std::pair<RefusalReason, absl::Status>> refused() {
    const std::lock_guard lock(mutex_);
    return refused_;
  }

  std::unique_ptr<GrpcServer> server_;

 private:
  std::mutex mutex_;
  std::vector<std::pair<RefusalReason, absl::Status>> refused_;
};

TEST_F(GrpcServerTest, ConnectionBeyondTheLimit_IsClosedUntilThereIsRoom) {
  Start({.address_connections = 2});
  auto first = Channel();
  const auto second = Channel();
  EXPECT_TRUE(Call(first).ok());
  EXPECT_TRUE(Call(second).ok());
  const auto third = Channel();
  EXPECT_EQ(Call(third).error_code(), grpc::StatusCode::UNAVAILABLE);
  ASSERT_FALSE(refused().empty());
  EXPECT_EQ(refused()[0].first, RefusalReason::kTooManyConnections);
  EXPECT_TRUE(Call(second).ok());
  first.reset();
  EXPECT_TRUE(Call(third, 0, true).ok());
}

TEST_F(GrpcServerTest, WithoutDescriptorsForAWhile_AcceptsAgain) {
  Start({});
  const auto channel = Channel();
  {
    const FilledDescriptors filled(1);  // one is for the client's end
    EXPECT_FALSE(channel->WaitForConnected(std::chrono::system_clock::now() +
                                           std::chrono::milliseconds(300)));
  }
  EXPECT_TRUE(Call(channel, 0, true).ok());
}

TEST_F(GrpcServerTest, UnknownMethod_IsToldOf) {
  Start({});
  const grpc::Status status = Call(Channel(), 100, false, "/seedfed.v1.Secrets/Get");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(status.error_message(), "the server has no method /seedfed.v1.Secrets/Get");
  ASSERT_EQ(refused().size(), 1U);
  EXPECT_EQ(refused()[0].first, RefusalReason::kUnknownMethod);
  EXPECT_EQ(refused()[0].second.message(), status.error_message());
}

TEST_F(GrpcServerTest, LongNameOfAMethod_IsCutOff) {
  Start({});
  const grpc::Status status = Call(Channel(), 0, false, "/" + std::string(2000, 'a'));
  EXPECT_EQ(status.error_message(), "the server has no method /" + std::string(99, 'a'));
}

TEST_F(GrpcServerTest, MessageThatFitsInMemory_IsRefusedForItsSize) {
  Start({});
  const grpc::Status status = Call(Channel(), size_t{1} << 20);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), HasSubstr("Received message larger than max"));
}

TEST_F(GrpcServerTest, MessageThatDoesNotFitInMemory_IsNotRead) {
  Start({.memory = uint64_t{16} << 20});
  const auto channel = Channel();
  const grpc::Status status = Call(channel, size_t{256} << 20);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("Received message larger than max")));
  EXPECT_TRUE(Call(Channel()).ok());
}

}  // namespace
}  // namespace seedfed

#include "cli/health_command.h"

#include <gmock/gmock.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace seedfed {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kTimeout = absl::Seconds(20);

// A gRPC server on a free port with nothing but the standard health service.
class HealthServer {
 public:
  HealthServer() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterAsyncGenericService(&generic_);
    queue_ = builder.AddCompletionQueue();
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~HealthServer() {
    server_->Shutdown();
    queue_->Shutdown();
    void* tag;
    bool ok;
    while (queue_->Next(&tag, &ok)) {
    }
  }

  const std::string& address() const { return address_; }
  grpc::Server& server() { return *server_; }

 private:
  grpc::AsyncGenericService generic_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

TEST(CheckHealth, Serving_Ok) {
  const HealthServer server;
  EXPECT_TRUE(CheckHealth(server.address(), {}, kTimeout).ok())
      << CheckHealth(server.address(), {}, kTimeout);
}

TEST(CheckHealth, NotServing_SaysSo) {
  HealthServer server;
  server.server().GetHealthCheckService()->SetServingStatus(false);
  EXPECT_EQ(CheckHealth(server.address(), {}, kTimeout).message(),
            server.address() + " answers that it is not serving (status 2, expected 1)");
}

TEST(CheckHealth, NobodyListens_NamesTheAddress) {
  const absl::Status status = CheckHealth("127.0.0.1:1", {}, kTimeout);
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("no health answer from 127.0.0.1:1: "));
}

TEST(CheckHealth, ListenerThatNeverAnswers_TimesOut) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
  const std::string server = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  EXPECT_EQ(CheckHealth(server, {}, absl::Milliseconds(300)).message(),
            server + " did not answer within 0.3 s");
  close(listener);
}

TEST(ParseHealthResponse, KnownStatuses_TheirNumbers) {
  EXPECT_EQ(ParseHealthResponse("").value(), 0u);
  EXPECT_EQ(ParseHealthResponse("\x08\x01").value(), 1u);
  EXPECT_EQ(ParseHealthResponse("\x08\x02").value(), 2u);
  EXPECT_EQ(ParseHealthResponse("\x08\x80\x01").value(), 128u);
}

TEST(ParseHealthResponse, DamagedBytes_OneSentence) {
  for (const char* bytes : {"\x08", "\x10\x01", "\x08\xff", "\x0a\x01", "\x08\x01\x08",
                            "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}) {
    EXPECT_EQ(ParseHealthResponse(bytes).status().message(),
              "the answer is not a grpc.health.v1.HealthCheckResponse");
  }
}

}  // namespace
}  // namespace seedfed

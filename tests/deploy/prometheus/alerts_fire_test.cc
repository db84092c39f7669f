// Alerts on a real Prometheus that watches a real server to which the thing happens. The rules for
// which that would take hours or a broken disk are in alerts_test.yml.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>

#include "common/wire/convert.h"
#include "seedfed/v1/admin.grpc.pb.h"
#include "seedfed/v1/federation.grpc.pb.h"
#include "tests/deploy/prometheus/watched_federation.h"
#include "tests/deploy/prometheus/watcher.h"

namespace seedfed {
namespace {

struct CallContext : grpc::ClientContext {
  CallContext() { set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10)); }
};

// A member whose updates are not valid.
class BrokenClient {
 public:
  explicit BrokenClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::Federation::NewStub(channel)) {
    v1::JoinRequest request;
    request.set_client_id("broken");
    request.set_role(v1::ROLE_TRAIN);
    request.set_protocol(kProtocolVersion);
    CallContext context;
    const grpc::Status status = stub_->Join(&context, request, &joined_);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }

  void SubmitNonsense() {
    v1::SubmitUpdateRequest request;
    request.set_federation_id(joined_.federation_id());
    request.set_client_number(joined_.client_number());
    request.set_round(joined_.round() + 1);
    request.set_examples(1);
    request.set_words("nonsense");
    v1::SubmitUpdateResponse response;
    CallContext context;
    EXPECT_EQ(stub_->SubmitUpdate(&context, request, &response).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }

 private:
  std::unique_ptr<v1::Federation::Stub> stub_;
  v1::JoinResponse joined_;
};

TEST(Alerts, FireWhenTheirConditionIsTrue) {
  WatchedFederation federation(
      {"--rounds", "0", "--clients", "2", "--min-clients", "1", "--deadline", "1"});
  const Watcher watcher("prometheus.yml", federation.http_port());
  const auto channel =
      grpc::CreateChannel(federation->address(), grpc::InsecureChannelCredentials());

  EXPECT_TRUE(watcher.AwaitAlert("SeedfedWaitingForClients"));
  EXPECT_TRUE(watcher.Query("ALERTS{alertname!=\"SeedfedWaitingForClients\"}").empty())
      << watcher.Query("ALERTS");

  BrokenClient client(channel);
  const auto nonsense = [&] { client.SubmitNonsense(); };
  EXPECT_TRUE(watcher.AwaitAlert("SeedfedUpdatesRefused", nonsense));
  EXPECT_TRUE(watcher.AwaitAlert("SeedfedNoRoundComplete", nonsense));

  CallContext context;
  v1::PauseResponse response;
  EXPECT_TRUE(v1::Admin::NewStub(channel)->Pause(&context, v1::PauseRequest(), &response).ok());
  EXPECT_TRUE(watcher.AwaitAlert("SeedfedHeld"));

  EXPECT_TRUE(watcher.Query("ALERTS{alertname=\"SeedfedServerDown\"}").empty());
  federation->server().Signal(SIGKILL);
  EXPECT_TRUE(watcher.AwaitAlert("SeedfedServerDown")) << watcher.Log();
}

}  // namespace
}  // namespace seedfed

#include "common/tls/server_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/base/clock.h"
#include "tests/common/tls/example_certificates.h"
#include "tests/common/tls/small_server.h"
#include "tests/fault/proxy.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

constexpr int kTries = 60;

grpc::ChannelArguments QuickReconnect() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // shares no other test's connection
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  return arguments;
}

class ServerConnectionTest : public testing::Test {
 protected:
  ServerConnection Connect(const std::string& server, const TlsOptions& options) const {
    absl::StatusOr<ChannelCredentials> credentials =
        ChannelCredentials::Load(options, SystemClock().Wall());
    EXPECT_TRUE(credentials.ok()) << credentials.status();
    return {server, *std::move(credentials), QuickReconnect(), SystemClock()};
  }

  // As a program does that calls until it is served.
  static bool IsServedInTheEnd(ServerConnection& connection) {
    for (int i = 0; i < kTries; ++i) {
      if (CallOn(connection.channel()) == kServed) return true;
      connection.Wait(absl::Milliseconds(500), [] { return false; });
    }
    return false;
  }

  static std::string Call(ServerConnection& connection) {
    return connection.credentials().Explain(CallOn(connection.channel()));
  }

  const ExampleCertificates files_, other_;
};

TEST_F(ServerConnectionTest, CancelledWait_EndsAtOnce) {
  ServerConnection connection = Connect("127.0.0.1:1", {});
  connection.Wait(absl::Hours(1), [] { return true; });
  int looks = 0;
  connection.Wait(absl::Hours(1), [&looks] { return ++looks > 2; });
  EXPECT_EQ(looks, 3);
}

TEST_F(ServerConnectionTest, ExchangedFiles_AreUsedForTheNextConnection) {
  const SmallServer server(Tls(other_, true));
  ServerConnection connection = Connect(server.address(), With(files_, files_));
  EXPECT_THAT(Call(connection), HasSubstr("is not signed by a CA in " + (files_ / "ca.pem")));
  files_.Run("cp " + (other_ / "ca.pem") + " new && mv new ca.pem");
  EXPECT_THAT(Call(connection), HasSubstr("it refuses the certificate in "));
  files_.Run("cp -p " + (other_ / "clients") + "/* clients");
  EXPECT_EQ(Call(connection), kServed);
}

TEST_F(ServerConnectionTest, HalfExchangedPair_TheOldOneStaysAndTheReasonIsGiven) {
  const SmallServer old(Tls(files_, true));
  Proxy proxy(old.port());
  ServerConnection connection = Connect(proxy.address(), With(files_, files_));
  files_.Run("cp -p " + (other_ / "clients/client-1.key") + " clients");
  EXPECT_EQ(Call(connection), kServed);
  proxy.Set({.reset_after = 1});
  proxy.ResetAll();
  std::string why = kServed;
  for (int i = 0; i < kTries && !testing::Value(why, HasSubstr("new files")); ++i) {
    why = Call(connection);
  }
  EXPECT_THAT(
      why, HasSubstr("; new files are not used: the key file " + (files_ / "clients/client-1.key") +
                     " does not belong to the first certificate in "));
  proxy.Set({});
  EXPECT_TRUE(IsServedInTheEnd(connection));
}

TEST_F(ServerConnectionTest, OpenConnection_OutlivesItsFiles) {
  const SmallServer server(Tls(files_, true));
  ServerConnection connection = Connect(server.address(), With(files_, files_));
  ASSERT_EQ(Call(connection), kServed);
  const grpc::Channel* before = connection.channel().get();
  files_.Run("rm ca.pem clients/*");
  EXPECT_EQ(Call(connection), kServed);
  EXPECT_EQ(connection.channel().get(), before);
}

}  // namespace
}  // namespace seedfed

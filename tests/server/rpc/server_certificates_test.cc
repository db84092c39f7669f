#include "server/rpc/server_certificates.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/base/clock.h"
#include "common/tls/channel_credentials.h"
#include "server/rpc/grpc_server.h"
#include "tests/common/tls/example_certificates.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

constexpr std::chrono::seconds kPatience(20);  // gRPC looks once a second

absl::Time Now() { return SystemClock().Wall(); }

TlsFiles Files(const ExampleCertificates& folder) {
  return {.certificate = folder / "server.pem",
          .key = folder / "server.key",
          .client_ca = folder / "ca.pem"};
}

class ServerCertificatesTest : public testing::Test {
 protected:
  void SetUp() override {
    auto loaded = ServerCertificates::Load(Files(folder_), Now());
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    certificates_ = *std::move(loaded);
    auto server = GrpcServer::Start(HostPort{"127.0.0.1", 0}, {}, 1 << 20, {}, certificates_.get());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  // Whether one who trusts `ca` and shows the certificate of `own` gets through, within `patience`.
  bool Connects(const ExampleCertificates& ca, const ExampleCertificates& own,
                std::chrono::seconds patience = kPatience) const {
    const auto credentials = ChannelCredentials::Load({.ca = ca / "ca.pem",
                                                       .certificate = own / "clients/client-1.pem",
                                                       .key = own / "clients/client-1.key"},
                                                      Now());
    EXPECT_TRUE(credentials.ok()) << credentials.status();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // shares no other test's connection
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
    const auto channel =
        credentials->MakeChannel("127.0.0.1:" + std::to_string(server_->port()), arguments);
    return channel->WaitForConnected(std::chrono::system_clock::now() + patience);
  }

  std::string Problem() const {
    return std::string(certificates_->Refresh(Now()).status().message());
  }

  const ExampleCertificates folder_, other_;
  std::unique_ptr<ServerCertificates> certificates_;
  std::unique_ptr<GrpcServer> server_;
};

TEST_F(ServerCertificatesTest, AsLoaded_LetsInWhoItsCaSigned) {
  EXPECT_TRUE(Connects(folder_, folder_));
  EXPECT_FALSE(Connects(other_, folder_, std::chrono::seconds(1)));
  EXPECT_GT(certificates_->certificate_ends(), Now() + absl::Hours(24 * 364));
  EXPECT_GT(*certificates_->client_ca_ends(), Now() + absl::Hours(24 * 3649));
}

TEST_F(ServerCertificatesTest, UnchangedFiles_AreNotRenewed) {
  const auto renewed = certificates_->Refresh(Now());
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_FALSE(*renewed);
}

TEST_F(ServerCertificatesTest, ExchangedFiles_AreInForceForNewConnections) {
  for (const char* file : {"server.pem", "server.key", "ca.pem"}) {
    folder_.Run(std::string("cp ") + (other_ / file) + " new && mv new " + file);
  }
  const auto renewed = certificates_->Refresh(Now());
  ASSERT_TRUE(renewed.ok()) << renewed.status();
  EXPECT_TRUE(*renewed);
  EXPECT_TRUE(Connects(other_, other_));
  EXPECT_FALSE(*certificates_->Refresh(Now()));
}

TEST_F(ServerCertificatesTest, HalfExchanged_TheOldOnesStay) {
  folder_.Run("cp " + (other_ / "server.key") + " server.key");
  EXPECT_THAT(Problem(), HasSubstr("does not belong to the first certificate in "));
  EXPECT_TRUE(Connects(folder_, folder_));
  folder_.Run("rm server.pem");
  EXPECT_THAT(Problem(), HasSubstr("cannot be opened"));
  folder_.Run("cp " + (other_ / "server.pem") + " server.pem");
  EXPECT_TRUE(*certificates_->Refresh(Now()));
}

TEST_F(ServerCertificatesTest, ExpiredOrEarly_AreNotTaken) {
  folder_.Renew();
  EXPECT_THAT(certificates_->Refresh(Now() + absl::Hours(24 * 366)).status().message(),
              HasSubstr("expired on "));
  EXPECT_THAT(certificates_->Refresh(Now() - absl::Hours(24)).status().message(),
              HasSubstr("is not valid before "));
  EXPECT_TRUE(*certificates_->Refresh(Now()));
}

TEST(ServerCertificates, BadFile_IsNamed) {
  const ExampleCertificates folder;
  TlsFiles files = Files(folder);
  files.client_ca = folder / "server.key";
  EXPECT_THAT(ServerCertificates::Load(files, Now()).status().message(),
              HasSubstr("server.key holds no certificate"));
}

}  // namespace
}  // namespace seedfed

#include "common/tls/channel_credentials.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "common/base/clock.h"
#include "tests/common/tls/example_certificates.h"
#include "tests/common/tls/small_server.h"

namespace seedfed {
namespace {

using testing::StartsWith;

// What a call with these credentials comes to.
std::string Call(const SmallServer& server, const ChannelCredentials& credentials) {
  return credentials.Explain(
      CallOn(credentials.MakeChannel(server.address(), grpc::ChannelArguments())));
}

ChannelCredentials Load(const TlsOptions& options) {
  absl::StatusOr<ChannelCredentials> loaded =
      ChannelCredentials::Load(options, SystemClock().Wall());
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  return loaded.ok() ? *loaded : ChannelCredentials();
}

std::string Refusal(const TlsOptions& options) {
  return std::string(ChannelCredentials::Load(options, SystemClock().Wall()).status().message());
}

class ChannelCredentialsTest : public testing::Test {
 protected:
  const ExampleCertificates files_, other_;
};

TEST_F(ChannelCredentialsTest, EachWayThatFits_Connects) {
  const SmallServer plain(grpc::InsecureServerCredentials());
  const SmallServer tls(Tls(files_, false));
  const SmallServer mutual(Tls(files_, true));
  EXPECT_EQ(Call(plain, ChannelCredentials()), kServed);
  EXPECT_EQ(Call(plain, Load({})), kServed);
  EXPECT_EQ(Call(tls, Load(With(files_))), kServed);
  EXPECT_EQ(Call(mutual, Load(With(files_, files_))), kServed);
  EXPECT_EQ(Call(tls, Load(With(files_, files_))), kServed);
}

TEST_F(ChannelCredentialsTest, PlainServer_SpeaksNoTls) {
  const SmallServer server(grpc::InsecureServerCredentials());
  EXPECT_EQ(Call(server, Load(With(files_))),
            "it speaks no TLS; leave --tls-ca away, or give the server a certificate");
}

TEST_F(ChannelCredentialsTest, PlainClient_IsToldOfTls) {
  const SmallServer server(Tls(files_, false));
  EXPECT_EQ(Call(server, ChannelCredentials()),
            "it closed the connection; if it wants TLS, pass the CA of its certificate: --tls-ca");
}

TEST_F(ChannelCredentialsTest, AnotherCa_IsNotTrusted) {
  const SmallServer server(Tls(files_, false));
  EXPECT_EQ(Call(server, Load(With(other_))), "its certificate is not signed by a CA in " +
                                                  (other_ / "ca.pem") +
                                                  ", has expired or is not valid yet");
  EXPECT_EQ(Call(server, Load({.ca = "system"})),
            "its certificate is not signed by a CA that this machine trusts, has expired or is not "
            "valid yet");
}

TEST_F(ChannelCredentialsTest, ExpiredServerCertificate_IsNotTrusted) {
  const ExampleCertificates expired("2020-01-01");
  const SmallServer server(Tls(expired, false));
  EXPECT_EQ(Call(server, Load(With(expired))), "its certificate is not signed by a CA in " +
                                                   (expired / "ca.pem") +
                                                   ", has expired or is not valid yet");
}

TEST_F(ChannelCredentialsTest, NameThatIsNotInTheCertificate_IsRefused) {
  const SmallServer server(Tls(files_, false));
  TlsOptions options = With(files_);
  options.name = "localhost";
  EXPECT_EQ(Call(server, Load(options)), kServed);
  options.name = "fed.example.org";
  EXPECT_EQ(Call(server, Load(options)),
            "its certificate is not for fed.example.org; pass a name that is in it: --tls-name");
}

TEST_F(ChannelCredentialsTest, NoClientCertificate_IsAskedFor) {
  const SmallServer server(Tls(files_, true));
  EXPECT_EQ(Call(server, Load(With(files_))),
            "it closed the connection; if it wants a client certificate, pass one: --tls-cert and "
            "--tls-key");
}

TEST_F(ChannelCredentialsTest, ClientCertificateOfAnotherCaOrExpired_IsRefused) {
  const SmallServer server(Tls(files_, true));
  EXPECT_EQ(Call(server, Load(With(files_, other_))),
            "it refuses the certificate in " + (other_ / "clients/client-1.pem") +
                ", or closed the connection for another reason");
  const ExampleCertificates expired("2020-01-01");
  EXPECT_EQ(Refusal(With(files_, expired)), "the certificate in " +
                                                (expired / "clients/client-1.pem") +
                                                " expired on 2020-12-31 00:00:00 UTC");
  // As if it had expired since the client began.
  const absl::Time then = absl::FromCivil(absl::CivilDay(2020, 6, 1), absl::UTCTimeZone());
  const absl::StatusOr<ChannelCredentials> credentials =
      ChannelCredentials::Load(With(files_, expired), then);
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  EXPECT_THAT(Call(server, *credentials), StartsWith("it refuses the certificate in "));
}

TEST_F(ChannelCredentialsTest, NotYetValid_IsLeftToTheServer) {
  const ExampleCertificates later("2050-01-01");
  EXPECT_EQ(Refusal(With(files_, later)), "");
}

TEST_F(ChannelCredentialsTest, FlagsThatDoNotGoTogether_AreRefused) {
  EXPECT_EQ(Refusal({.ca = "c", .certificate = "x"}),
            "--tls-cert is given without --tls-key, the certificate's key");
  EXPECT_EQ(Refusal({.ca = "c", .key = "x"}),
            "--tls-key is given without --tls-cert, the key's certificate");
  EXPECT_EQ(Refusal({.certificate = "x", .key = "y"}),
            "--tls-cert is given without --tls-ca, the file of who signs the server's certificate, "
            "or system");
  EXPECT_EQ(Refusal({.name = "x"}),
            "--tls-name is given without --tls-ca, the file of who signs the server's certificate, "
            "or system");
  EXPECT_THAT(Refusal({.ca = "/none"}), StartsWith("the CA file /none cannot be opened"));
}

TEST_F(ChannelCredentialsTest, OtherFailures_AreLeftAsTheyAre) {
  const ChannelCredentials plain, tls = Load(With(files_));
  for (const char* why : {"Socket closed",
                          "failed to connect to all addresses; last error: "
                          "UNKNOWN: ipv4:127.0.0.1:1: Failed to connect to remote "
                          "host: Connection refused"}) {
    EXPECT_EQ(plain.Explain(why), why);
    EXPECT_EQ(tls.Explain(why), why);
  }
}

}  // namespace
}  // namespace seedfed

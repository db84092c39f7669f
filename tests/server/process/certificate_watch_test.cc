#include "server/process/certificate_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "server/rpc/handshake_failures.h"
#include "tests/common/pipe_output.h"
#include "tests/common/tls/example_certificates.h"
#include "tests/server/admission/fake_clock.h"
#include "tests/server/metrics/samples.h"

namespace seedfed {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Json = nlohmann::json;

constexpr absl::Duration kDay = absl::Hours(24);

class CertificateWatchTest : public testing::Test {
 protected:
  CertificateWatchTest() {
    clock_.wall = SystemClock().Wall();
    SetUpLog({LogFormat::kJson, "info", false}, std::make_shared<StatusLine>(pipe_.fd(), false));
    TakeHandshakeFailures();
    auto loaded = ServerCertificates::Load(files_, clock_.Wall());
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    certificates_ = *std::move(loaded);
  }

  // What the start tells.
  std::vector<std::string> Start() {
    watch_ = std::make_unique<CertificateWatch>(io_.get_executor(), files_, *certificates_,
                                                metrics_, clock_, absl::Milliseconds(1));
    watch_->Start();
    return Told();
  }

  // What the next look tells.
  std::vector<std::string> Look() {
    io_.restart();
    io_.run_one();
    return Told();
  }

  std::vector<std::string> Told() {
    std::vector<std::string> lines;
    std::istringstream text(pipe_.Take());
    for (std::string line; std::getline(text, line);) {
      const Json json = Json::parse(line);
      lines.push_back(json["level"].get<std::string>() + ": " + json["message"].get<std::string>());
    }
    return lines;
  }

  double Metric(const std::string& sample) const {
    return ParseSamples(metrics_.Expose(v1::Status(), 0)).at(sample);
  }

  double Expiry(const std::string& which) const {
    return Metric("seedfed_certificate_expiry_seconds{certificate=\"" + which + "\"}");
  }

  // Replaces the server's certificate and key by those of `other`.
  void Exchange(const ExampleCertificates& other, const std::string& file) const {
    folder_.Run("cp -p " + (other / file) + " new && mv new " + file);
  }

  const ExampleCertificates folder_;
  const TlsFiles files_ = {.certificate = folder_ / "server.pem",
                           .key = folder_ / "server.key",
                           .client_ca = folder_ / "ca.pem"};
  FakeClock clock_;
  PipeOutput pipe_;
  Metrics metrics_{absl::Seconds(300)};
  boost::asio::io_context io_;
  std::unique_ptr<ServerCertificates> certificates_;
  std::unique_ptr<CertificateWatch> watch_;
};

TEST_F(CertificateWatchTest, Start_TellsWhatIsInForce) {
  EXPECT_THAT(Start(),
              ElementsAre(AllOf(StartsWith("info: clients must use TLS and show a certificate of " +
                                           files_.client_ca + "; the certificate in " +
                                           files_.certificate + " is valid until 20"),
                                EndsWith(" UTC"))));
  EXPECT_EQ(Expiry("server"), absl::ToUnixSeconds(certificates_->certificate_ends()));
  EXPECT_EQ(Expiry("client_ca"), absl::ToUnixSeconds(*certificates_->client_ca_ends()));
  EXPECT_EQ(Metric("seedfed_tls_connections_refused_total"), 0);
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(CertificateWatchTest, HalfExchanged_WarnsOnceAndThenTellsOfTheNewOnes) {
  const ExampleCertificates older(
      absl::FormatTime("%Y-%m-%d", clock_.wall - 10 * kDay, absl::UTCTimeZone()));
  Start();
  const double before = Expiry("server");
  Exchange(older, "server.key");
  EXPECT_THAT(Look(), IsEmpty());  // perhaps the other file comes at once
  EXPECT_THAT(Look(), ElementsAre(AllOf(StartsWith("warning: the key file " + files_.key +
                                                   " does not belong to the first certificate in "),
                                        EndsWith("; the certificates from before stay in force"))));
  EXPECT_THAT(Look(), IsEmpty());
  Exchange(older, "server.pem");
  EXPECT_THAT(Look(), ElementsAre(StartsWith("info: new connections use the new certificate in " +
                                             files_.certificate + ", valid until 20")));
  EXPECT_LT(Expiry("server"), before);
  EXPECT_EQ(Expiry("server"), absl::ToUnixSeconds(certificates_->certificate_ends()));
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(CertificateWatchTest, EndWithinTwoWeeks_WarnsOnceADay) {
  clock_.wall = certificates_->certificate_ends() - 15 * kDay;
  EXPECT_THAT(Start(), ElementsAre(StartsWith("info: ")));
  clock_.Advance(kDay + absl::Hours(1));
  EXPECT_THAT(Look(), ElementsAre(AllOf(StartsWith("warning: the certificate in " +
                                                   files_.certificate + " expires on 20"),
                                        EndsWith(", in 13 days"))));
  clock_.Advance(kDay - absl::Hours(1));
  EXPECT_THAT(Look(), IsEmpty());
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Look(), ElementsAre(EndsWith(", in 12 days")));
  clock_.Advance(13 * kDay);
  EXPECT_THAT(Look(), ElementsAre(AllOf(HasSubstr(" expired on 20"),
                                        EndsWith(" UTC: nobody new can connect"))));
}

TEST_F(CertificateWatchTest, RefusedConnections_AreAllCountedAndToldEveryTenSeconds) {
  Start();
  const auto fail = [](const std::string& why) {
    CountHandshakeFailure(
        "Handshake failed with fatal error SSL_ERROR_SSL: error:0A0000C7:SSL "
        "routines::" +
        why);
  };
  fail("certificate verify failed");
  fail("peer did not return a certificate");
  EXPECT_THAT(Look(), ElementsAre("warning: TLS connections that did not come about: 2; the last "
                                  "one: peer did not return a certificate"));
  fail("certificate verify failed");
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_EQ(Metric("seedfed_tls_connections_refused_total"), 3);
  clock_.Advance(absl::Seconds(10));
  EXPECT_THAT(Look(), ElementsAre("warning: TLS connections that did not come about: 1; the last "
                                  "one: certificate verify failed"));
}

TEST_F(CertificateWatchTest, Stopped_LooksNoMore) {
  Start();
  watch_->Stop();
  CountHandshakeFailure("Handshake failed");
  io_.restart();
  io_.run();
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_EQ(TakeHandshakeFailures().count, 1u);
}

}  // namespace
}  // namespace seedfed

#include "common/tls/pem_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/common/tls/example_certificates.h"

namespace seedfed {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class PemFilesTest : public testing::Test {
 protected:
  absl::StatusOr<KeyPair> Server() const {
    return ReadKeyPair(files_ / "server.pem", files_ / "server.key", TlsRole::kServer);
  }
  std::string Refusal() const {
    const absl::StatusOr<KeyPair> pair = Server();
    EXPECT_EQ(pair.status().code(), absl::StatusCode::kFailedPrecondition) << pair.status();
    return std::string(pair.status().message());
  }
  std::string Key(const std::string& why) const {
    return "the key file " + (files_ / "server.key") + " " + why;
  }
  std::string Certificate(const std::string& why) const {
    return "the certificate file " + (files_ / "server.pem") + " " + why;
  }

  const ExampleCertificates files_;
};

TEST_F(PemFilesTest, WhatTheScriptMakes_IsGoodForAYear) {
  const absl::StatusOr<KeyPair> pair = Server();
  ASSERT_TRUE(pair.ok()) << pair.status();
  EXPECT_THAT(pair->certificate, StartsWith("-----BEGIN CERTIFICATE-----"));
  EXPECT_THAT(pair->key, StartsWith("-----BEGIN PRIVATE KEY-----"));
  EXPECT_EQ(pair->ends - pair->begins, absl::Hours(24 * 365));
  EXPECT_TRUE(CheckValidity("f", pair->begins, pair->ends, pair->ends).ok());

  const auto authorities = ReadAuthorities(files_ / "ca.pem");
  ASSERT_TRUE(authorities.ok()) << authorities.status();
  EXPECT_EQ(authorities->ends - authorities->begins, absl::Hours(24 * 3650));
  EXPECT_TRUE(ReadKeyPair(files_ / "clients/client-1.pem", files_ / "clients/client-1.key",
                          TlsRole::kClient)
                  .ok());
}

TEST_F(PemFilesTest, CertificateWithItsChain_EndsWithTheFirstToEnd) {
  const absl::Time ends = Server()->ends;
  files_.Run("cat ca.pem >>server.pem");
  EXPECT_EQ(Server()->ends, ends);
}

TEST_F(PemFilesTest, CaBundle_EndsWithTheLastToEnd) {
  const ExampleCertificates old("2020-01-01");
  files_.Run("cat ca.pem " + (old / "ca.pem") + " >both.pem");
  const auto both = ReadAuthorities(files_ / "both.pem");
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->ends, ReadAuthorities(files_ / "ca.pem")->ends);
  EXPECT_EQ(both->begins, ReadAuthorities(old / "ca.pem")->begins);
}

TEST_F(PemFilesTest, MissingFile_IsNamed) {
  files_.Run("rm server.pem");
  EXPECT_EQ(Refusal(), Certificate("cannot be opened: No such file or directory"));
  EXPECT_EQ(ReadAuthorities("/none").status().message(),
            "the CA file /none cannot be opened: No such file or directory");
}

TEST_F(PemFilesTest, KeyOfAnotherCertificate_IsRefused) {
  files_.Run("cp clients/client-1.key server.key");
  EXPECT_EQ(Refusal(),
            Key("does not belong to the first certificate in " + (files_ / "server.pem")));
}

TEST_F(PemFilesTest, KeyOpenToOthers_IsRefused) {
  files_.Run("chmod 640 server.key");
  EXPECT_EQ(Refusal(), Key("is open to others (mode 0640); expected mode 0600"));
}

TEST_F(PemFilesTest, KeyBehindAPassphrase_IsRefusedWithoutAsking) {
  files_.Run("openssl pkcs8 -topk8 -in server.key -out new -passout pass:x && mv new server.key");
  EXPECT_EQ(Refusal(), Key("is behind a passphrase; expected a key without one"));
}

TEST_F(PemFilesTest, NotPem_IsRefused) {
  files_.Run("echo nonsense >server.key");
  EXPECT_EQ(Refusal(), Key("holds no private key; expected PEM: -----BEGIN PRIVATE KEY-----"));
  files_.Run(": >server.pem");
  EXPECT_EQ(Refusal(),
            Certificate("holds no certificate; expected PEM: -----BEGIN CERTIFICATE-----"));
}

TEST_F(PemFilesTest, CutCertificate_IsRefused) {
  files_.Run("head -c 300 server.pem >new && mv new server.pem");
  EXPECT_THAT(Refusal(), StartsWith(Certificate("")));
  files_.Run("cat ca.pem server.pem >new && mv new ca.pem");
  EXPECT_EQ(ReadAuthorities(files_ / "ca.pem").status().message(),
            "the CA file " + (files_ / "ca.pem") + " is damaged after 1 certificates");
}

TEST_F(PemFilesTest, FolderOrHugeFile_IsRefused) {
  files_.Run("rm server.pem && mkdir server.pem");
  EXPECT_EQ(Refusal(), Certificate("is not a file"));
  files_.Run("rmdir server.pem && truncate -s 2M server.pem");
  EXPECT_EQ(Refusal(), Certificate("has more than 1048576 bytes"));
}

TEST_F(PemFilesTest, CertificateOfTheOtherRole_IsRefused) {
  EXPECT_THAT(ReadKeyPair(files_ / "clients/client-1.pem", files_ / "clients/client-1.key",
                          TlsRole::kServer)
                  .status()
                  .message(),
              HasSubstr("client-1.pem is not for a server"));
  EXPECT_THAT(ReadKeyPair(files_ / "server.pem", files_ / "server.key", TlsRole::kClient)
                  .status()
                  .message(),
              HasSubstr("server.pem is not for a client"));
}

TEST_F(PemFilesTest, KeyThatIsTooShort_IsRefused) {
  files_.Run(
      "openssl req -x509 -newkey rsa:512 -nodes -keyout server.key -out server.pem -subj /CN=x && "
      "chmod 600 server.key");
  EXPECT_EQ(Refusal(), Certificate("cannot be used: ee key too small"));
}

TEST(CheckValidity, OutsideOfTheDates_NamesThem) {
  const absl::Time begins = absl::FromUnixSeconds(1577836800), ends = begins + absl::Hours(24);
  EXPECT_EQ(CheckValidity("c.pem", begins, ends, ends + absl::Seconds(1)).message(),
            "the certificate in c.pem expired on 2020-01-02 00:00:00 UTC");
  EXPECT_EQ(CheckValidity("c.pem", begins, ends, begins - absl::Seconds(1)).message(),
            "the certificate in c.pem is not valid before 2020-01-01 00:00:00 UTC; this machine's "
            "clock says 2019-12-31 23:59:59 UTC");
}

}  // namespace
}  // namespace seedfed

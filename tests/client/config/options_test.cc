#include "client/config/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace seedfed {
namespace {

using ::testing::HasSubstr;

std::variant<ClientOptions, EarlyExit> Parse(std::vector<const char*> flags,
                                             const std::string& host = "host-1") {
  flags.insert(flags.begin(), "seedfed-client");
  return ParseClientOptions(static_cast<int>(flags.size()), flags.data(), host, "1.2.3");
}

ClientOptions Valid(std::vector<const char*> flags) {
  const auto parsed = Parse(std::move(flags));
  const auto* early = std::get_if<EarlyExit>(&parsed);
  EXPECT_EQ(early, nullptr) << early->text;
  return early == nullptr ? std::get<ClientOptions>(parsed) : ClientOptions();
}

std::string Refused(std::vector<const char*> flags, const std::string& host = "host-1") {
  const auto parsed = Parse(std::move(flags), host);
  const auto* early = std::get_if<EarlyExit>(&parsed);
  if (early == nullptr) return "not refused";
  EXPECT_EQ(early->exit_status, 2);
  return early->text;
}

TEST(ClientOptions, LeastFlags_GiveTheDefaults) {
  const ClientOptions options = Valid({"--server", "localhost:7733", "--data", "folder"});
  EXPECT_EQ(options.server, "localhost:7733");
  EXPECT_EQ(options.id, "host-1");
  EXPECT_EQ(options.role, ClientRole::kTrain);
  EXPECT_EQ(std::get<IdxFolderSource>(options.data).folder, "folder");
  EXPECT_TRUE(options.model.empty());
  EXPECT_EQ(options.json, "");
  EXPECT_EQ(options.threads, 1U);
  EXPECT_EQ(options.give_up, absl::ZeroDuration());
  EXPECT_EQ(options.log_level, "info");
  EXPECT_EQ(options.log_format, LogFormat::kText);
  EXPECT_TRUE(options.progress);
}

TEST(ClientOptions, AllFlags_AreTaken) {
  const ClientOptions options =
      Valid({"--server=[::1]:1", "--id=a.b_C-9", "--images=i", "--labels=l", "--evaluate",
             "--json=-", "--model=784-256-10", "--threads=3", "--give-up=1.5", "--log-level=debug",
             "--log-format=json", "--no-progress"});
  EXPECT_EQ(options.id, "a.b_C-9");
  EXPECT_EQ(options.role, ClientRole::kEvaluate);
  EXPECT_EQ(std::get<IdxFilesSource>(options.data).images, "i");
  EXPECT_EQ(std::get<IdxFilesSource>(options.data).labels, "l");
  ASSERT_EQ(options.model.size(), 2u);
  EXPECT_EQ(options.model[0].cols, 785u);
  EXPECT_EQ(options.model[1].rows, 10u);
  EXPECT_EQ(options.json, "-");
  EXPECT_EQ(options.threads, 3U);
  EXPECT_EQ(options.give_up, absl::Milliseconds(1500));
  EXPECT_EQ(options.log_level, "debug");
  EXPECT_EQ(options.log_format, LogFormat::kJson);
  EXPECT_FALSE(options.progress);
}

TEST(ClientOptions, Csv_TakesItsLabelColumn) {
  const ClientOptions options = Valid({"--server=h:1", "--csv=t.csv", "--label-column=class"});
  EXPECT_EQ(std::get<CsvSource>(options.data).file, "t.csv");
  EXPECT_EQ(std::get<CsvSource>(options.data).label_column, "class");
}

TEST(ClientOptions, HelpAndVersion_ExitWithStatusZero) {
  const auto help = std::get<EarlyExit>(Parse({"--help"}));
  EXPECT_EQ(help.exit_status, 0);
  EXPECT_THAT(help.text, HasSubstr("seedfed-client --server 127.0.0.1:7733"));
  for (const char* flag : {"--server", "--id", "--data", "--images", "--labels", "--csv",
                           "--label-column", "--evaluate", "--model", "--json", "--threads",
                           "--give-up", "--log-level", "--log-format", "--no-progress"}) {
    EXPECT_THAT(help.text, HasSubstr(flag));
  }
  const auto version = std::get<EarlyExit>(Parse({"--version"}));
  EXPECT_EQ(version.exit_status, 0);
  EXPECT_EQ(version.text, "seedfed-client 1.2.3\n");
}

TEST(ClientOptions, DataMissingOrTwice_IsRefused) {
  EXPECT_EQ(Refused({"--server=h:1"}),
            "no data is given; expected one of --data, --images with --labels, or --csv with "
            "--label-column");
  EXPECT_THAT(Refused({"--server=h:1", "--data=d", "--csv=c", "--label-column=l"}),
              HasSubstr("more than one data set is given"));
  EXPECT_THAT(Refused({"--server=h:1", "--images=i"}),
              HasSubstr("--images is given without --labels"));
  EXPECT_THAT(Refused({"--server=h:1", "--labels=i"}),
              HasSubstr("--labels is given without --images"));
  EXPECT_THAT(Refused({"--server=h:1", "--csv=i"}), HasSubstr("--csv needs --label-column"));
  EXPECT_EQ(Refused({"--server=h:1", "--data=d", "--label-column=i"}),
            "--label-column is given without --csv");
}

TEST(ClientOptions, ValuesOutOfRange_AreRefused) {
  EXPECT_EQ(Refused({"--data=d"}), "--server is required; see seedfed-client --help");
  EXPECT_EQ(Refused({"--server=nowhere", "--data=d"}),
            "--server is 'nowhere'; expected HOST:PORT, for example 127.0.0.1:7733 or [::1]:7733");
  EXPECT_EQ(Refused({"--server=h:1", "--data=d", "--id=a b"}),
            "the client id 'a b' is not 1 to 64 of A-Z a-z 0-9 . _ -");
  EXPECT_THAT(Refused({"--server=h:1", "--data=d", "--model=784"}), HasSubstr("--model: "));
  EXPECT_EQ(Refused({"--server=h:1", "--data=d", "--give-up=-1"}),
            "--give-up is -1; expected 0 (never) or a number of seconds");
  EXPECT_THAT(Refused({"--server=h:1", "--data=d", "--give-up=nan"}),
              HasSubstr("--give-up is nan"));
  EXPECT_THAT(Refused({"--server=h:1", "--data=d", "--log-level=loud"}), HasSubstr("loud"));
  EXPECT_THAT(Refused({"--server=h:1", "--data=d", "--log-format=xml"}), HasSubstr("xml"));
  EXPECT_THAT(Refused({"--server=h:1", "--data=d", "--frobnicate"}), HasSubstr("--frobnicate"));
}

TEST(ClientOptions, Tls_FlagsAndTokenAreTaken) {
  const ClientOptions options =
      Valid({"--server=h:1", "--data=d", "--tls-ca=ca.pem", "--tls-cert=c.pem", "--tls-key=c.key",
             "--tls-name=fed", "--token-file=t"});
  EXPECT_EQ(options.tls, (TlsOptions{"ca.pem", "c.pem", "c.key", "fed"}));
  EXPECT_EQ(options.token_file, "t");
  EXPECT_EQ(Valid({"--server=h:1", "--data=d"}).tls, TlsOptions());
}

TEST(ClientOptions, Tls_EnvironmentIsTakenWhereNoFlagIs) {
  setenv("SEEDFED_TLS_CA", "ca.pem", 1);
  setenv("SEEDFED_TLS_NAME", "fed", 1);
  const ClientOptions options = Valid({"--server=h:1", "--data=d", "--tls-name=other"});
  unsetenv("SEEDFED_TLS_CA");
  unsetenv("SEEDFED_TLS_NAME");
  EXPECT_EQ(options.tls, (TlsOptions{"ca.pem", "", "", "other"}));
}

TEST(ClientOptions, TlsFlagsThatDoNotGoTogether_AreRefused) {
  const auto refused = [](std::vector<const char*> flags) {
    flags.insert(flags.begin(), {"--server=h:1", "--data=d"});
    return Refused(std::move(flags));
  };
  const std::string needs_ca =
      " is given without --tls-ca, the file of who signs the server's certificate, or system";
  EXPECT_EQ(refused({"--tls-ca=a", "--tls-cert=c"}),
            "--tls-cert is given without --tls-key, the certificate's key");
  EXPECT_EQ(refused({"--tls-ca=a", "--tls-key=k"}),
            "--tls-key is given without --tls-cert, the key's certificate");
  EXPECT_EQ(refused({"--tls-cert=c"}),
            "--tls-cert is given without --tls-key, the certificate's key");
  EXPECT_EQ(refused({"--tls-key=k"}),
            "--tls-key is given without --tls-cert, the key's certificate");
  EXPECT_EQ(refused({"--tls-cert=c", "--tls-key=k"}), "--tls-cert" + needs_ca);
  EXPECT_EQ(refused({"--tls-cert=c", "--tls-key=k", "--tls-name=n"}), "--tls-cert" + needs_ca);
  EXPECT_EQ(refused({"--tls-name=n"}), "--tls-name" + needs_ca);
  for (const std::string flag : {"--tls-ca", "--tls-cert", "--tls-key", "--tls-name"}) {
    EXPECT_EQ(refused({flag.c_str(), ""}),
              flag + ": the value is empty; see seedfed-client --help");
    const std::string missing = flag + ": 1 required " + (flag == "--tls-name" ? "NAME" : "FILE") +
                                " missing; see seedfed-client --help";
    EXPECT_EQ(refused({(flag + "=").c_str()}), missing);
    EXPECT_EQ(refused({flag.c_str()}), missing);
  }
}

TEST(ClientOptions, HostNameThatIsNoId_AsksForOne) {
  EXPECT_EQ(Refused({"--server=h:1", "--data=d"}, "my host"),
            "the host name 'my host' cannot serve as this client's id; give one with --id");
}

TEST(ClientId, Lengths_AreOneToSixtyFour) {
  EXPECT_FALSE(CheckClientId("").ok());
  EXPECT_TRUE(CheckClientId("x").ok());
  EXPECT_TRUE(CheckClientId(std::string(64, 'x')).ok());
  EXPECT_FALSE(CheckClientId(std::string(65, 'x')).ok());
  EXPECT_FALSE(CheckClientId("n\xc3\xa4me").ok());
}

TEST(ServerAddress, HostAndPort_AreNeeded) {
  for (const char* good : {"a:1", "127.0.0.1:65535", "[::1]:7733", "fed.example.org:7733"}) {
    EXPECT_TRUE(CheckServerAddress(good).ok()) << good;
  }
  for (const char* bad : {"", "a", ":1", "a:", "a:0", "a:65536", "a:-1", "a:+1", "a: 1", "a:1x",
                          "::1:7733", "[]:1", "a:999999"}) {
    EXPECT_FALSE(CheckServerAddress(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace seedfed

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "server/config/settings.h"
#include "tests/server/config/parse.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Flags, None_GiveTheDefaults) {
  const ServerConfig config = Parse({});
  EXPECT_EQ(config.listen, (HostPort{"127.0.0.1", 7733}));
  EXPECT_EQ(config.port_file, "");
  EXPECT_EQ(config.store, "seedfed-store");
  EXPECT_EQ(config.log_level, "info");
  EXPECT_FALSE(config.exit_when_done);
  EXPECT_EQ(config.poll, absl::Seconds(20));
  EXPECT_EQ(DescribeLayers(config.model.layers), "784-256-128-10");
  EXPECT_EQ(config.model.layers[0].tile, 8u);
  EXPECT_EQ(config.model.codec, Codec::kEnsemble);
  EXPECT_EQ(config.model.mode, Mode::kRolling);
  EXPECT_EQ(config.model.phase_bits, 2u);
  EXPECT_EQ(config.model.gain, 8);
  EXPECT_FALSE(config.key.has_value());
  EXPECT_EQ(config.rounds, 60u);
  EXPECT_EQ(config.clients, 10u);
  EXPECT_EQ(config.quorum, 10u);
  EXPECT_EQ(config.min_clients, 10u);
  EXPECT_EQ(config.deadline, absl::Seconds(300));
  EXPECT_EQ(config.example_cap, 1u << 20);
  EXPECT_THAT(config.training.learning_rate, ElementsAre(0.1, 0.1, 0.1));
  EXPECT_EQ(config.training.learning_rate_decay, 0.97);
  EXPECT_EQ(config.training.batch, 64u);
  EXPECT_EQ(config.training.samples, 2000u);
  EXPECT_EQ(config.training.input_mean, 0.286);
  EXPECT_EQ(config.training.input_stddev, 0.353);
  EXPECT_EQ(config.training.participation, 1);
  EXPECT_EQ(config.shards, 0u);
  EXPECT_EQ(config.alpha, 0);
  EXPECT_EQ(config.http, (HostPort{"127.0.0.1", 7780}));
  EXPECT_TRUE(config.http_any_port);
  EXPECT_EQ(config.http_port_file, "");
  EXPECT_EQ(config.admin_token_file, "");
  EXPECT_EQ(config.keep_update_rounds, 0u);
  EXPECT_EQ(config.snapshot_every, 100u);
}

TEST(Flags, EveryOne_IsTaken) {
  const ServerConfig config = Parse({"--listen=[::1]:0",
                                     "--insecure",
                                     "--tls-cert=c.pem",
                                     "--tls-key=k.pem",
                                     "--tls-client-ca=ca.pem",
                                     "--port-file=p",
                                     "--store=/s",
                                     "--log-level=debug",
                                     "--log-format=json",
                                     "--exit-when-done",
                                     "--poll=0.25",
                                     "--http=0.0.0.0:80",
                                     "--http-port-file=hp",
                                     "--admin-token-file=t",
                                     "--client-token-file=ct",
                                     "--calls-per-second=1.5",
                                     "--address-calls-per-second=2.5",
                                     "--connections=30",
                                     "--address-connections=20",
                                     "--client-connections=15",
                                     "--connection-calls=10",
                                     "--memory=64",
                                     "--queue=65",
                                     "--idle=40",
                                     "--stall=5",
                                     "--model=20-16-4",
                                     "--tile=32,16",
                                     "--codec=single",
                                     "--mode=pure",
                                     "--phase-bits=4",
                                     "--gain=2.5",
                                     "--key=7",
                                     "--rounds=3",
                                     "--clients=4",
                                     "--quorum=3",
                                     "--min-clients=2",
                                     "--deadline=1.5",
                                     "--example-cap=99",
                                     "--lr=.5,.25",
                                     "--lr-decay=1",
                                     "--batch=5",
                                     "--samples=0",
                                     "--input-mean=-1",
                                     "--input-stddev=2",
                                     "--shards=6",
                                     "--alpha=0.3",
                                     "--keep-update-rounds=8",
                                     "--snapshot-every=9",
                                     "--participation=0.5"});
  ServerConfig expected;
  expected.listen = {"::1", 0};
  expected.insecure = true;
  expected.tls = {.certificate = "c.pem", .key = "k.pem", .client_ca = "ca.pem"};
  expected.client_token_file = "ct";
  expected.limits = {.calls_per_second = 1.5,
                     .address_calls_per_second = 2.5,
                     .connections = 30,
                     .address_connections = 20,
                     .client_connections = 15,
                     .connection_calls = 10,
                     .memory = uint64_t{64} << 20,
                     .queue = uint64_t{65} << 20,
                     .idle = absl::Seconds(40),
                     .stall = absl::Seconds(5)};
  expected.port_file = "p";
  expected.store = "/s";
  expected.log_level = "debug";
  expected.log_format = LogFormat::kJson;
  expected.exit_when_done = true;
  expected.poll = absl::Milliseconds(250);
  expected.http = {"0.0.0.0", 80};
  expected.http_any_port = false;
  expected.http_port_file = "hp";
  expected.admin_token_file = "t";
  expected.model.layers = {{16, 21, 32}, {4, 17, 16}};
  expected.model.codec = Codec::kSingle;
  expected.model.mode = Mode::kPure;
  expected.model.phase_bits = 4;
  expected.model.gain = 2.5;
  expected.key = FederationKey::Parse("7").value();
  expected.rounds = 3;
  expected.clients = 4;
  expected.quorum = 3;
  expected.min_clients = 2;
  expected.deadline = absl::Milliseconds(1500);
  expected.example_cap = 99;
  expected.training = {{0.5, 0.25}, 1, 5, 0, -1, 2, 0.5};
  expected.shards = 6;
  expected.alpha = 0.3;
  expected.keep_update_rounds = 8;
  expected.snapshot_every = 9;
  EXPECT_EQ(config, expected);
}

TEST(Flags, DefaultsOfTheHelpText_AreTheDefaults) {
  const ServerConfig defaults = Parse({});
  for (const Setting& setting : AllSettings()) {
    if (setting.default_value == nullptr) continue;
    const std::string flag = std::string("--") + setting.flag + "=" + setting.default_value;
    EXPECT_EQ(Parse({flag}), defaults) << flag;
  }
}

TEST(Flags, Help_NamesEverySettingItsTableAndAnExample) {
  const ServerCommand command = RunFlags({"--help"}).value();
  ASSERT_TRUE(command.print.has_value());
  for (const Setting& setting : AllSettings()) {
    EXPECT_THAT(*command.print, HasSubstr(std::string("--") + setting.flag));
    EXPECT_THAT(*command.print, HasSubstr(std::string("[") + setting.table + "]"));
  }
  EXPECT_THAT(*command.print, HasSubstr("seedfed-server --store fashion --rounds 20"));
  EXPECT_THAT(*command.print, HasSubstr("--deadline SECONDS"));
  EXPECT_THAT(*command.print, HasSubstr("time for a round; default: 300"));
}

TEST(Flags, Version_IsPrinted) {
  const ServerCommand command = RunFlags({"--version"}).value();
  ASSERT_TRUE(command.print.has_value());
  EXPECT_THAT(*command.print, testing::MatchesRegex("seedfed-server [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Flags, ConfigFile_IsOverruledByFlags) {
  const TempFile file("[rounds]\nclients = 4\nrounds = 5\n");
  const ServerConfig config = Parse({"--clients", "3", "--config", file.path()});
  EXPECT_EQ(config.clients, 3u);
  EXPECT_EQ(config.quorum, 3u);
  EXPECT_EQ(config.rounds, 5u);
}

TEST(Flags, ExitWhenDone_CanBeTakenBack) {
  const TempFile file("[server]\nexit_when_done = true\n");
  EXPECT_TRUE(Parse({"--config", file.path()}).exit_when_done);
  EXPECT_FALSE(Parse({"--config", file.path(), "--exit-when-done=false"}).exit_when_done);
}

TEST(Flags, Unknown_IsRefusedWithTheNearest) {
  EXPECT_EQ(Refusal({"--quorm", "3"}), "unknown flag --quorm; did you mean --quorum?");
  EXPECT_EQ(Refusal({"--ruonds=3"}), "unknown flag --ruonds; did you mean --rounds?");
  EXPECT_EQ(Refusal({"--zzzzzzzz"}), "unknown flag --zzzzzzzz; see --help");
  EXPECT_EQ(Refusal({"extra"}),
            "unexpected argument 'extra'; expected flags only, such as --clients 10");
}

TEST(Flags, WrongValue_IsRefusedWithFlagAndRange) {
  EXPECT_EQ(Refusal({"--clients=ten"}),
            "--clients is 'ten'; expected a whole number from 1 to 1048576");
  EXPECT_EQ(Refusal({"--clients=0"}), "--clients is 0; expected a whole number from 1 to 1048576");
  EXPECT_EQ(Refusal({"--clients", "-1"}),
            "--clients is -1; expected a whole number from 1 to 1048576");
  EXPECT_EQ(Refusal({"--clients=2.5"}),
            "--clients is 2.5; expected a whole number from 1 to 1048576");
  EXPECT_EQ(Refusal({"--clients=2000000"}),
            "--clients is 2000000; expected a whole number from 1 to 1048576");
  EXPECT_EQ(Refusal({"--alpha=nan", "--shards=2"}),
            "--alpha is nan; expected a number from 0 to 1000000");
  EXPECT_EQ(Refusal({"--deadline=inf"}),
            "--deadline is inf; expected a number from 0.001 to 31536000");
  EXPECT_EQ(Refusal({"--lr=0.1,,0.2"}),
            "--lr is '0.1,,0.2'; expected a number or a list of them, each from 1e-12 to 1000");
  EXPECT_THAT(Refusal({"--exit-when-done=perhaps"}), HasSubstr("--exit-when-done"));
}

TEST(Flags, NoValue_IsRefused) {
  EXPECT_EQ(Refusal({"--clients"}),
            "--clients has no value; expected a whole number from 1 to 1048576");
  EXPECT_EQ(Refusal({"--clients="}),
            "--clients has no value; expected a whole number from 1 to 1048576");
  EXPECT_THAT(Refusal({"--config"}), StartsWith("--config:"));
}

TEST(Flags, Twice_IsRefused) {
  EXPECT_EQ(Refusal({"--clients=1", "--clients=2"}), "--clients is given more than once");
}

TEST(Flags, NoConfigFile_IsRefused) {
  EXPECT_EQ(Refusal({"--config", "/nowhere/server.toml"}),
            "cannot read the configuration file /nowhere/server.toml: No such file or directory");
  EXPECT_EQ(Refusal({"--config", "/"}), "cannot read the configuration file /: Is a directory");
}

}  // namespace
}  // namespace seedfed

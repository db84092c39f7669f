#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/server/config/parse.h"

namespace seedfed {
namespace {

using testing::ElementsAre;

TEST(Resolve, Quorum_FollowsClients) {
  const ServerConfig config = Parse({"--clients=7"});
  EXPECT_EQ(config.quorum, 7u);
  EXPECT_EQ(config.min_clients, 7u);
}

TEST(Resolve, MinClients_FollowsQuorum) {
  const ServerConfig config = Parse({"--clients=7", "--quorum=5"});
  EXPECT_EQ(config.quorum, 5u);
  EXPECT_EQ(config.min_clients, 5u);
  EXPECT_EQ(Parse({"--clients=7", "--quorum=5", "--min-clients=6"}).min_clients, 6u);
}

TEST(Resolve, MoreThanClients_IsRefused) {
  EXPECT_EQ(Refusal({"--clients=3", "--quorum=4"}),
            "--quorum is 4; expected at most the number of clients, which is 3");
  EXPECT_EQ(Refusal({"--clients=3", "--min-clients=4"}),
            "--min-clients is 4; expected at most the number of clients, which is 3");
}

TEST(Resolve, RuleBrokenByTheFile_NamesFileAndLine) {
  const TempFile file("[rounds]\nquorum = 4\n");
  EXPECT_EQ(
      Refusal({"--config", file.path(), "--clients=3"}),
      file.path() + ":2: rounds.quorum is 4; expected at most the number of clients, which is 3");
}

TEST(Resolve, ExampleCapTimesClients_IsAtMostTwoToThe32) {
  EXPECT_EQ(Parse({"--clients=4096"}).example_cap, 1048576u);
  EXPECT_EQ(Parse({"--clients=4097"}).example_cap, 1048320u);
  EXPECT_EQ(Parse({"--clients=1048576"}).example_cap, 4096u);
  EXPECT_EQ(Parse({"--clients=1", "--example-cap=4294967295"}).example_cap, 4294967295u);
  EXPECT_EQ(Parse({"--clients=4096", "--example-cap=1048576"}).example_cap, 1048576u);
  EXPECT_EQ(Refusal({"--clients=4096", "--example-cap=1048577"}),
            "--example-cap is 1048577; expected at most 1048576 with 4096 clients (2^32 together)");
}

TEST(Resolve, ModePure_ImpliesCodecSingle) {
  EXPECT_EQ(Parse({"--mode=pure"}).model.codec, Codec::kSingle);
  EXPECT_EQ(
      Refusal({"--mode=pure", "--codec=ensemble"}),
      "mode pure needs codec single (a seed that persists needs its precision), not ensemble");
}

TEST(Resolve, LearningRate_FollowsCodecAndTiles) {
  EXPECT_THAT(Parse({"--tile=32,16,8"}).training.learning_rate, ElementsAre(0.3, 0.2, 0.1));
  EXPECT_THAT(Parse({"--codec=dense"}).training.learning_rate, ElementsAre(0.001, 0.001, 0.001));
  EXPECT_THAT(Parse({"--lr=2"}).training.learning_rate, ElementsAre(2, 2, 2));
  EXPECT_THAT(Parse({"--lr=1,2,3"}).training.learning_rate, ElementsAre(1, 2, 3));
  EXPECT_EQ(Refusal({"--lr=1,2"}), "there are 2 learning rates for 3 layers");
}

TEST(Resolve, Model_IsValidatedAsAWhole) {
  EXPECT_EQ(Refusal({"--model=784"}), "model '784' is not a list of sizes such as 784-256-128-10");
  EXPECT_EQ(Refusal({"--tile=12"}), "tile side 12 of layer 1 is not 4, 8, 16, 32, 64, 128 or 256");
  EXPECT_EQ(Refusal({"--tile=8,8"}), "tile has 2 sides for 3 layers; expected 1 or 3");
  EXPECT_EQ(Refusal({"--phase-bits=3"}), "phase bits is 3; expected 2 or 4");
  EXPECT_EQ(Refusal({"--model=1000000-1000000"}),
            "the model has 1000001000000 weights; expected at most 1073741824");
}

TEST(Resolve, TextWithItsOwnRules_NamesTheSetting) {
  EXPECT_EQ(Refusal({"--codec=zip"}), "--codec: codec 'zip' is not ensemble, single or dense");
  EXPECT_EQ(Refusal({"--mode=x"}), "--mode: mode 'x' is not rolling or pure");
  EXPECT_EQ(Refusal({"--key=0x1"}),
            "--key: the key, of 3 characters, is neither a whole number below 2^64 nor 32 hexadecimal digits");
  EXPECT_EQ(Refusal({"--listen=7733"}),
            "--listen: address '7733' has no port; expected HOST:PORT, such as 127.0.0.1:7733");
  EXPECT_EQ(Refusal({"--log-level=loud"}),
            "--log-level is 'loud'; expected debug, info, warning or error");
  EXPECT_EQ(Refusal({"--log-format=xml"}), "--log-format is 'xml'; expected text or json");
  const TempFile file("[server]\nstore = \"\"\n");
  EXPECT_EQ(Refusal({"--config", file.path()}),
            file.path() + ":2: server.store is empty; expected a folder");
}

TEST(Resolve, Key_IsANumberOrHexadecimal) {
  EXPECT_EQ(Parse({"--key=18446744073709551615"}).key,
            FederationKey::Parse("18446744073709551615").value());
  EXPECT_EQ(Parse({"--key=000102030405060708090a0b0c0d0e0f"}).key->bytes()[15], 15);
}

TEST(Resolve, ExitWhenDone_NeedsAnEnd) {
  EXPECT_EQ(Refusal({"--exit-when-done", "--rounds=0"}),
            "--exit-when-done is true, but rounds is 0, without end; expected a number of rounds");
}

TEST(Resolve, Http_NoneAddressOrDefault) {
  EXPECT_FALSE(Parse({"--http=none"}).http.has_value());
  const ServerConfig given = Parse({"--http=127.0.0.1:7780"});
  EXPECT_EQ(given.http, (HostPort{"127.0.0.1", 7780}));
  EXPECT_FALSE(given.http_any_port);
  EXPECT_EQ(Refusal({"--http=8080"}),
            "--http: address '8080' has no port; expected HOST:PORT, such as 127.0.0.1:7733");
}

TEST(Resolve, HttpBeyondThisMachine_NeedsATokenFileAndInsecure) {
  for (const char* address : {"localhost:1", "127.1.2.3:1", "[::1]:0"}) {
    EXPECT_EQ(Parse({std::string("--http=") + address}).http, HostPort::Parse(address).value());
  }
  for (const char* address : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1"}) {
    EXPECT_EQ(Refusal({std::string("--http=") + address}),
              std::string("--http is ") + address +
                  ", which is not only this machine's; expected an address such as "
                  "127.0.0.1:7780, or a token in admin.token_file (--admin-token-file)");
    EXPECT_EQ(Refusal({std::string("--http=") + address, "--admin-token-file=t"}),
              std::string("--http is ") + address +
                  ", which is not only this machine's, and the page is not encrypted; expected an "
                  "address such as 127.0.0.1:7780 behind a proxy that encrypts, or server.insecure "
                  "(--insecure) where the network is trusted");
    EXPECT_EQ(Parse({std::string("--http=") + address, "--admin-token-file=t", "--insecure"}).http,
              HostPort::Parse(address).value());
  }
  const TempFile file("[http]\nlisten = \"0.0.0.0:1\"\n[admin]\ntoken_file = \"\"\n");
  EXPECT_EQ(Refusal({"--config", file.path()}),
            file.path() + ":4: admin.token_file is empty; expected a file");
}

TEST(Resolve, ListenBeyondThisMachine_NeedsTlsOrInsecure) {
  for (const char* address : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1"}) {
    const std::string listen = std::string("--listen=") + address;
    EXPECT_EQ(Refusal({listen}),
              std::string("--listen is ") + address +
                  ", which is not only this machine's, and there is no encryption; expected "
                  "tls.certificate and tls.key (--tls-cert, --tls-key), or server.insecure "
                  "(--insecure) where the network is trusted");
    EXPECT_EQ(Parse({listen, "--insecure"}).listen, HostPort::Parse(address).value());
    EXPECT_EQ(Parse({listen, "--tls-cert=c", "--tls-key=k"}).listen,
              HostPort::Parse(address).value());
  }
}

TEST(Resolve, HttpBeyondThisMachine_IsNotHelpedByTls) {
  EXPECT_THAT(Refusal({"--http=0.0.0.0:1", "--admin-token-file=t", "--tls-cert=c", "--tls-key=k"}),
              testing::HasSubstr("the page is not encrypted"));
}

TEST(Resolve, Tls_FilesGoTogether) {
  EXPECT_EQ(Parse({"--tls-cert=c", "--tls-key=k", "--tls-client-ca=a"}).tls,
            (TlsFiles{.certificate = "c", .key = "k", .client_ca = "a"}));
  EXPECT_EQ(Refusal({"--tls-cert=c"}),
            "--tls-cert is given without tls.key (--tls-key); expected both");
  EXPECT_EQ(Refusal({"--tls-key=k"}),
            "--tls-key is given without tls.certificate (--tls-cert); expected both");
  EXPECT_EQ(Refusal({"--tls-client-ca=a"}),
            "--tls-client-ca is given without tls.certificate (--tls-cert); expected both");
  const TempFile file("[tls]\ncertificate = \"\"\n");
  EXPECT_EQ(Refusal({"--config", file.path()}),
            file.path() + ":2: tls.certificate is empty; expected a file");
}

TEST(Resolve, Memory_HoldsTheUpdatesOfARound) {
  EXPECT_EQ(Parse({"--clients=1000"}).limits.memory, uint64_t{1} << 30);
  const ServerConfig big = Parse({"--clients=1000", "--codec=dense"});
  EXPECT_EQ(big.limits.memory, 2 * 1000 * big.model.update_bytes());
  EXPECT_EQ(Parse({"--clients=1000", "--codec=dense", "--memory=16"}).limits.memory,
            uint64_t{16} << 20);
}

TEST(Resolve, Alpha_NeedsShards) {
  EXPECT_EQ(Parse({"--shards=4", "--alpha=0.3"}).alpha, 0.3);
  EXPECT_EQ(Refusal({"--alpha=0.3"}),
            "--alpha is 0.3, but shards is 0; expected a number of shards");
}

}  // namespace
}  // namespace seedfed

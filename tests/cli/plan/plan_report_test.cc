#include "cli/plan/plan_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

PlanRequest Request(const PlanArguments& arguments) {
  absl::StatusOr<PlanRequest> request = MakePlanRequest(arguments);
  EXPECT_TRUE(request.ok()) << request.status();
  return *std::move(request);
}

TEST(PlanText, DefaultModel_Golden) {
  EXPECT_EQ(PlanText(Request({.model = "784-256-128-10", .codec = "ensemble", .link_kbps = 250})),
            R"(784-256-128-10: 235,146 weights, 941 kB as fp32
tile 8, 2 phase bits, 10 clients, 60 rounds

                               ensemble
Tiles                             3,730
Words of an update                  251
Bytes of an update                4,016
Smaller than fp32                 234:1

A round
  a client sends                4.02 kB
  a client receives             4.02 kB
  the server receives           40.2 kB
  the server sends              40.2 kB

The whole run, both ways
  a client                       482 kB
  the server                    4.82 MB

Memory
  a client that trains          5.80 MB
  the server                    1.07 MB

LoRaWAN SF7, 222 bytes a message, 1 % duty cycle
  messages up a round                19
  air time up a round            6.71 s
  air time down a round          6.71 s
  time of a round              22.4 min
  time of the run                22.4 h

LoRaWAN SF12, 51 bytes a message, 1 % duty cycle
  messages up a round                79
  air time up a round          3.67 min
  air time down a round        3.67 min
  time of a round                12.2 h
  time of the run             30.6 days

Iridium SBD, 340 bytes a message up, 270 down
  messages up a round                12
  messages down a round              15

NB-IoT at 20 kbit/s
  time of a round, both ways     3.21 s
  time of the run              3.21 min

A link at 250 kbit/s
  time of a round, both ways     257 ms
  time of the run                15.4 s

Only words are counted, not the protocol's fields and headers. A LoRaWAN
downlink is one multicast for all clients. Memory is without examples and
activations.
)");
}

TEST(PlanText, ThirteenBillionWeights_NameBothCodecsSizes) {
  const std::string text = PlanText(Request({.params = "13e9", .tile = "32"}));
  EXPECT_THAT(text, HasSubstr("13,000,000,000 weights, 52.0 GB as fp32\n"));
  EXPECT_THAT(
      text,
      HasSubstr("\n                                ensemble       single            dense\n"));
  EXPECT_THAT(
      text,
      HasSubstr("\nBytes of an update            13,541,680  203,125,008   52,000,000,000\n"));
  EXPECT_THAT(
      text,
      HasSubstr("\n  a client sends                 13.5 MB       203 MB          52.0 GB\n"));
  EXPECT_THAT(text, HasSubstr("all tiles are taken as full"));
  EXPECT_THAT(
      text,
      HasSubstr("One federation trains at most 1,073,741,824 weights; this plan is beyond that."));
}

TEST(PlanText, OneOfEach_IsSingular) {
  const std::string text = PlanText(Request({.params = "1", .clients = 1, .rounds = 1}));
  EXPECT_THAT(text, HasSubstr("1 weight, 4 B as fp32\ntile 8, 2 phase bits, 1 client, 1 round\n"));
  EXPECT_THAT(text, Not(HasSubstr("beyond")));
}

TEST(PlanJson, DefaultModel_HasAllNumbers) {
  const auto json = nlohmann::json::parse(PlanJson(Request({.model = "784-256-128-10"})));
  EXPECT_EQ(json["model"]["layers"], "784-256-128-10");
  EXPECT_EQ(json["model"]["weights"], 235'146);
  EXPECT_EQ(json["model"]["fp32_bytes"], 940'584);
  EXPECT_EQ(json["assumptions"]["link_kbps"], nullptr);
  ASSERT_EQ(json["plans"].size(), 3U);
  const auto& ensemble = json["plans"][0];
  EXPECT_EQ(ensemble["codec"], "ensemble");
  EXPECT_EQ(ensemble["words"], 251);
  EXPECT_EQ(ensemble["update_bytes"], 4'016);
  EXPECT_NEAR(ensemble["ratio_to_fp32"].get<double>(), 234.209, 1e-3);
  EXPECT_EQ(ensemble["round"]["server_in_bytes"], 40'160);
  EXPECT_EQ(ensemble["run"]["client_bytes"], 2 * 60 * 4'016);
  EXPECT_EQ(ensemble["run"]["server_bytes"], 2 * 60 * 10 * 4'016);
  EXPECT_EQ(ensemble["run"]["fp32_server_bytes"], 2 * 60 * 10 * 940'584);
  const auto& links = ensemble["links"];
  EXPECT_EQ(links["lorawan_sf7"]["messages_up"], 19);
  EXPECT_NEAR(links["lorawan_sf7"]["air_seconds_up"].get<double>(), 6.712064, 1e-9);
  EXPECT_EQ(links["iridium_sbd"]["messages_down"], 15);
  EXPECT_EQ(links["iridium_sbd"]["run_messages"], 27 * 60);
  EXPECT_NEAR(links["nbiot"]["run_seconds"].get<double>(), 192.768, 1e-6);
  EXPECT_FALSE(links.contains("link"));
  EXPECT_EQ(json["plans"][2]["codec"], "dense");
  EXPECT_EQ(json["plans"][2]["words"], nullptr);
}

TEST(PlanJson, LargestPlan_StaysANumber) {
  const auto json = nlohmann::json::parse(PlanJson(Request({.params = "10T",
                                                            .tile = "4",
                                                            .clients = kMostPlannedClients,
                                                            .rounds = kMostPlannedRounds,
                                                            .link_kbps = kLeastKbps})));
  EXPECT_EQ(json["model"]["layers"], nullptr);
  EXPECT_DOUBLE_EQ(json["plans"][2]["run"]["server_bytes"].get<double>(), 8e25);
  EXPECT_GT(json["plans"][2]["links"]["link"]["run_seconds"].get<double>(), 1e20 / 2);
}

}  // namespace
}  // namespace seedfed

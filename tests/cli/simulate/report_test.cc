#include "cli/simulate/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace seedfed {
namespace {

RunReport TwoRounds() {
  RunReport report;
  report.options.rounds = 2;
  report.options.clients = 10;
  report.weights = 235146;
  report.rounds = {{.round = 1,
                    .accuracy = 0.75,
                    .loss = 0.7,
                    .bytes_up = 4051,
                    .bytes_down = 4016,
                    .seconds = 2.5,
                    .fingerprint = "aa",
                    .base_checksum = "bb"},
                   {.round = 2,
                    .accuracy = 0.8123,
                    .loss = 0.5,
                    .bytes_up = 4052,
                    .bytes_down = 4016,
                    .seconds = 2.25,
                    .fingerprint = "0123456789abcdef0123456789abcdef",
                    .base_checksum = "4567ef"}};
  report.wall_time = absl::Seconds(5.25);
  report.folder = "/tmp/run";
  report.model = "/tmp/run/model.seedfed";
  return report;
}

TEST(ComputeTotals, TwoRounds_SumsAndRatio) {
  const Totals totals = ComputeTotals(TwoRounds());
  EXPECT_EQ(totals.client_up, 8103u);
  EXPECT_EQ(totals.client_down, 8032u);
  EXPECT_EQ(totals.all_up, 81030u);
  EXPECT_EQ(totals.all_down, 80320u);
  EXPECT_EQ(totals.fedavg, 940584u * 2 * 2 * 10);
  EXPECT_DOUBLE_EQ(totals.ratio, 37623360.0 / 161350.0);
}

TEST(ComputeTotals, InitialModelEvaluated_CountsNoRoundForFedAvg) {
  RunReport report = TwoRounds();
  report.rounds.insert(report.rounds.begin(), EvaluatedRound{.round = 0, .accuracy = 0.1});
  EXPECT_EQ(ComputeTotals(report).fedavg, ComputeTotals(TwoRounds()).fedavg);
}

TEST(ComputeTotals, NothingSent_NoRatio) {
  RunReport report = TwoRounds();
  report.rounds.clear();
  EXPECT_EQ(ComputeTotals(report).ratio, 0);
}

TEST(SummaryText, FinishedRun_Golden) {
  EXPECT_EQ(SummaryText(TwoRounds()),
            "Test accuracy     0.8123 after round 2\n"
            "Per client        8.1 kB up, 8.0 kB down\n"
            "All clients       161.3 kB both ways, 10 clients\n"
            "FedAvg fp32       37.6 MB in as many rounds: 233 times as much\n"
            "Wall time         5.2 s\n"
            "Model             /tmp/run/model.seedfed\n"
            "Fingerprint       0123456789abcdef\n"
            "Logs              /tmp/run/logs\n");
}

TEST(SummaryText, CutShortAfterItsBestRound_SaysBoth) {
  RunReport report = TwoRounds();
  report.options.rounds = 60;
  report.options.clients = 1;
  report.rounds[0].accuracy = 0.9;
  EXPECT_EQ(SummaryText(report),
            "Rounds            2 of 60 complete\n"
            "Test accuracy     0.8123 after round 2 (highest: 0.9000 after round 1)\n"
            "Per client        8.1 kB up, 8.0 kB down\n"
            "All clients       16.1 kB both ways, 1 client\n"
            "FedAvg fp32       3.8 MB in as many rounds: 233 times as much\n"
            "Wall time         5.2 s\n"
            "Model             /tmp/run/model.seedfed\n"
            "Logs              /tmp/run/logs\n");
}

TEST(SummaryText, NoRound_SaysSo) {
  RunReport report = TwoRounds();
  report.rounds.clear();
  report.model.clear();
  EXPECT_EQ(SummaryText(report),
            "Rounds            none of 2 complete\n"
            "Wall time         5.2 s\n"
            "Logs              /tmp/run/logs\n");
}

TEST(SummaryText, DenseRun_RatioWithOneDecimal) {
  RunReport report = TwoRounds();
  for (EvaluatedRound& record : report.rounds) record.bytes_up = record.bytes_down = 940584;
  EXPECT_NE(SummaryText(report).find("37.6 MB in as many rounds: 1.0 times as much"),
            std::string::npos);
}

TEST(ReportJson, FinishedRun_AllFields) {
  RunReport report = TwoRounds();
  report.options.key = "00000000000000000000000000000007";
  report.options.server_values[0] = "500";      // --samples
  report.options.server_values[1] = "32,16,8";  // --tile
  const auto json = nlohmann::json::parse(ReportJson(report));
  EXPECT_EQ(json["settings"], nlohmann::json::parse(R"({
    "rounds": 2, "clients": 10, "key": "00000000000000000000000000000007", "model": "784-256-128-10",
    "data": "/usr/share/datasets/fashion-mnist", "samples": 500, "tile": "32,16,8", "codec": "ensemble",
    "mode": "rolling", "phase_bits": 2, "alpha": 0, "learning_rate": null, "lr_decay": 0.97, "batch": 64})"));
  EXPECT_EQ(json["rounds"], nlohmann::json::parse(R"([
    {"round": 1, "accuracy": 0.75, "loss": 0.7, "bytes_up": 4051, "bytes_down": 4016, "seconds": 2.5},
    {"round": 2, "accuracy": 0.8123, "loss": 0.5, "bytes_up": 4052, "bytes_down": 4016, "seconds": 2.25}])"));
  EXPECT_EQ(json["accuracy"], 0.8123);
  EXPECT_EQ(json["bytes_up_total"], 81030);
  EXPECT_EQ(json["bytes_down_total"], 80320);
  EXPECT_EQ(json["fedavg_bytes_total"], 37623360);
  EXPECT_EQ(json["seconds_total"], 5.25);
  EXPECT_EQ(json["model_fingerprint"], "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(json["base_checksum"], "4567ef");
  EXPECT_EQ(json.size(), 9u);
}

TEST(ReportJson, PureMode_CodecFollowsUnlessGiven) {
  RunReport report = TwoRounds();
  report.options.server_values[3] = "pure";  // --mode
  EXPECT_EQ(nlohmann::json::parse(ReportJson(report))["settings"]["codec"], "single");
  report.options.server_values[2] = "dense";  // --codec
  EXPECT_EQ(nlohmann::json::parse(ReportJson(report))["settings"]["codec"], "dense");
}

TEST(ReportJson, ListOfNumbers_Text) {
  RunReport report = TwoRounds();
  report.options.server_values[6] = "0.1,0.2,0.3";  // --learning-rate
  EXPECT_EQ(nlohmann::json::parse(ReportJson(report))["settings"]["learning_rate"], "0.1,0.2,0.3");
}

TEST(ReportJson, TextThatIsNotUtf8_StillJson) {
  RunReport report = TwoRounds();
  report.options.data = "/data/\xff";
  EXPECT_TRUE(nlohmann::json::accept(ReportJson(report)));
}

}  // namespace
}  // namespace seedfed

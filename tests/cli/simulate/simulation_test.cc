// Whole simulations with shell scripts in the place of server and client.

#include "cli/simulate/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Both scripts start with this: sets $port_file, $store, $json and $id from the flags of the real
// programs.
constexpr const char* kReadFlags = R"(
while [ $# -gt 0 ]; do
  case $1 in
    --port-file) port_file=$2 ;;
    --http-port-file) http_port_file=$2 ;;
    --export-model) model=$2 ;;
    --json) json=$2 ;;
    --id) id=$2 ;;
  esac
  shift
done
)";

// Leaves its port; ends once the evaluator has left the last round.
constexpr const char* kServer = R"(
echo model > "$model"
echo 4711 > "$port_file"
while [ ! -e "${port_file%/*}/done" ]; do sleep 0.02; done
)";

constexpr const char* kClient = R"(
folder=${json%/*}
if [ "$id" = evaluator ]; then
  for round in 1 2 3; do
    echo '{"round":'$round',"accuracy":0.'$round',"loss":1.5,"bytes_up":100,"bytes_down":80,"seconds":0.5,"fingerprint":"f'$round'","base_checksum":"c'$round'"}' >> "$json"
  done
  : > "$folder/done"
fi
)";

class SimulationTest : public testing::Test {
 protected:
  SimulationTest() {
    for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                             "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
      folder_.Write(name, "");
    }
    options_.data = folder_.path();
    options_.rounds = 3;
    options_.clients = 2;
    options_.keep = folder_ / "run";
    options_.json = folder_ / "report.json";
    SetServer(kServer);
    SetClient(kClient);
  }

  void SetServer(const std::string& body) {
    folder_.WriteScript("seedfed-server", kReadFlags + body);
  }
  void SetClient(const std::string& body) {
    folder_.WriteScript("seedfed-client", kReadFlags + body);
  }

  int Run() {
    Display display(out_, {});
    return RunSimulation(options_,
                         {.programs = folder_.path(),
                          .temporary = folder_.path(),
                          .signals = signals_,
                          .clock = SystemClock(),
                          .errors = errors_},
                         display);
  }

  TempFolder folder_;
  SimulateOptions options_;
  Signals signals_;
  std::ostringstream out_;
  std::ostringstream errors_;
};

TEST_F(SimulationTest, FederationFinishes_TableSummaryAndReport) {
  EXPECT_EQ(Run(), kExitOk);
  EXPECT_EQ(errors_.str(), "");
  EXPECT_THAT(out_.str(),
              HasSubstr("One server, 2 clients and one evaluator train 784-256-128-10.\nData: "));
  EXPECT_THAT(out_.str(),
              HasSubstr("     3         0.3000    1.5000          100           80      0.50\n"));
  EXPECT_THAT(out_.str(), HasSubstr("Test accuracy     0.3000 after round 3\n"));
  EXPECT_THAT(out_.str(), HasSubstr("All clients       1.1 kB both ways, 2 clients\n"));
  EXPECT_THAT(out_.str(),
              HasSubstr("Model             " + (folder_ / "run/model.seedfed").string()));
  EXPECT_THAT(out_.str(), HasSubstr("Logs              " + (folder_ / "run/logs").string()));
  const auto report = nlohmann::json::parse(ReadFile(options_.json));
  EXPECT_EQ(report["rounds"].size(), 3u);
  EXPECT_EQ(report["model_fingerprint"], "f3");
  for (const char* log : {"server", "client-0", "client-1", "evaluator"}) {
    EXPECT_TRUE(std::filesystem::exists(folder_ / "run/logs" / (std::string(log) + ".log"))) << log;
  }
}

TEST_F(SimulationTest, ServerRefusesAnOption_ItsSentenceAndNoFolder) {
  options_.keep.clear();
  SetServer("echo 'seedfed-server: --tile 7 is not a power of two from 4 to 256' >&2; exit 2");
  EXPECT_EQ(Run(), kExitBadInput);
  EXPECT_EQ(errors_.str(), "seedfed: --tile 7 is not a power of two from 4 to 256\n");
  EXPECT_EQ(out_.str(), "");
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_FALSE(entry.is_directory()) << entry.path();
  }
}

TEST_F(SimulationTest, ServerCrashesAtStart_NamesCodeLineAndLog) {
  SetServer("echo '2024-01-31T10:00:00.000 error cannot open the store: disk full' >&2; exit 1");
  EXPECT_EQ(Run(), kExitFailure);
  EXPECT_EQ(errors_.str(),
            "seedfed: server ended with exit code 1: cannot open the store: disk full (log: " +
                (folder_ / "run/logs/server.log").string() + ")\n");
}

TEST_F(SimulationTest, ClientDiesEarly_OneSentenceAndTheOthersAreStopped) {
  SetServer("echo 4711 > \"$port_file\"; echo $$ > " + (folder_ / "server.pid").string() +
            "; exec sleep 1000");
  SetClient(
      "if [ $id = client-1 ]; then echo 'x error labels.gz is truncated' >&2; exit 2; fi; exec "
      "sleep 1000");
  EXPECT_EQ(Run(), kExitFailure);
  EXPECT_EQ(errors_.str(),
            "seedfed: client-1 ended with exit code 2: x error labels.gz is truncated (log: " +
                (folder_ / "run/logs/client-1.log").string() + ")\n");
  EXPECT_EQ(kill(static_cast<pid_t>(std::stol(ReadFile(folder_ / "server.pid"))), 0), -1);
  EXPECT_THAT(out_.str(), HasSubstr("Rounds            none of 3 complete\n"));
  EXPECT_FALSE(std::filesystem::exists(options_.json));
}

TEST_F(SimulationTest, ClientKilled_NamesSignalAndEndOfItsLog) {
  SetClient(
      "if [ $id = client-0 ]; then echo '2024-01-31 10:00:00.000 info round 1'; kill -9 $$; fi; "
      "exec sleep 1000");
  EXPECT_EQ(Run(), kExitFailure);
  EXPECT_EQ(errors_.str(), "seedfed: client-0 was killed by signal 9 (Killed); its log " +
                               (folder_ / "run/logs/client-0.log").string() +
                               " ends with: round 1\n");
}

TEST_F(SimulationTest, ClientFailsSilently_SaysThatItsLogIsEmpty) {
  SetClient("if [ $id = client-0 ]; then exit 1; fi; exec sleep 1000");
  EXPECT_EQ(Run(), kExitFailure);
  EXPECT_EQ(errors_.str(), "seedfed: client-0 ended with exit code 1; its log " +
                               (folder_ / "run/logs/client-0.log").string() + " is empty\n");
}

TEST_F(SimulationTest, FederationEndsEarly_SaysAfterWhichRound) {
  options_.rounds = 60;
  EXPECT_EQ(Run(), kExitFailure);
  EXPECT_EQ(errors_.str(), "seedfed: the federation ended after round 3 of 60 (log: " +
                               (folder_ / "run/logs/server.log").string() + ")\n");
  EXPECT_THAT(out_.str(), HasSubstr("Rounds            3 of 60 complete\n"));
}

TEST_F(SimulationTest, Interrupted_StopsAllAndSaysWhatWasReached) {
  // The evaluator stands in for the user who presses Ctrl-C after three rounds.
  SetServer("echo 4711 > \"$port_file\"; echo $$ > " + (folder_ / "server.pid").string() +
            "; exec sleep 1000");
  SetClient(std::string(kClient) + "[ $id = evaluator ] && kill -INT " + std::to_string(getpid()) +
            "; exec sleep 1000");
  options_.rounds = 60;
  EXPECT_EQ(Run(), kExitInterrupted);
  EXPECT_EQ(errors_.str(), "");
  EXPECT_THAT(out_.str(), HasSubstr("Stopped: no process is left.\n"));
  EXPECT_THAT(out_.str(), HasSubstr("Rounds            3 of 60 complete\n"));
  EXPECT_THAT(out_.str(), EndsWith("Logs              " + (folder_ / "run/logs").string() + "\n"));
  EXPECT_EQ(kill(static_cast<pid_t>(std::stol(ReadFile(folder_ / "server.pid"))), 0), -1);
}

TEST_F(SimulationTest, Watched_ServerStaysUntilTheUserEndsIt) {
  options_.watch = true;
  // The server stands in for the user who presses Ctrl-C when the report is there.
  SetServer(
      "echo 8899 > \"$http_port_file\"; echo 4711 > \"$port_file\"; trap 'echo m > \"$model\"; "
      "exit 0' TERM\nwhile [ ! -e " +
      options_.json + " ]; do sleep 0.02; done; sleep 0.3; kill -INT " + std::to_string(getpid()) +
      "; while :; do sleep 0.02; done");
  EXPECT_EQ(Run(), kExitOk);
  EXPECT_EQ(errors_.str(), "");
  EXPECT_THAT(out_.str(), HasSubstr("\nPage: http://127.0.0.1:8899/\n"));
  EXPECT_THAT(out_.str(), HasSubstr("Test accuracy     0.3000 after round 3\n"));
  EXPECT_THAT(out_.str(), HasSubstr("\nPage              http://127.0.0.1:8899/ until Ctrl-C\n"));
  EXPECT_THAT(out_.str(),
              EndsWith("\nModel             " + (folder_ / "run/model.seedfed").string() + "\n"));
  EXPECT_EQ(nlohmann::json::parse(ReadFile(options_.json))["rounds"].size(), 3u);
}

TEST_F(SimulationTest, WatchedServerThatFails_IsNamed) {
  options_.watch = true;
  options_.http = "[::1]:0";
  SetServer("echo 8899 > \"$http_port_file\"; echo 4711 > \"$port_file\"; while [ ! -e " +
            options_.json + " ]; do sleep 0.02; done; sleep 0.3; exit 1");
  EXPECT_EQ(Run(), kExitFailure);
  EXPECT_THAT(out_.str(), HasSubstr("http://[::1]:8899/ until Ctrl-C\n"));
  EXPECT_THAT(errors_.str(), HasSubstr("seedfed: server ended with exit code 1"));
}

TEST_F(SimulationTest, NobodyReadsTheOutput_Stops) {
  SetServer("echo 4711 > \"$port_file\"; exec sleep 1000");
  SetClient("exec sleep 1000");
  out_.setstate(std::ios::badbit);
  EXPECT_EQ(Run(), kExitInterrupted);
}

TEST_F(SimulationTest, DamagedRound_SaysSo) {
  SetClient("[ $id = evaluator ] && echo nonsense > \"$json\"; exec sleep 1000");
  EXPECT_EQ(Run(), kExitFailure);
  EXPECT_EQ(errors_.str(), "seedfed: the evaluator's line 'nonsense' is not a JSON object\n");
}

TEST_F(SimulationTest, NoProgram_NamesIt) {
  std::filesystem::remove(folder_ / "seedfed-server");
  EXPECT_EQ(Run(), kExitFailure);
  EXPECT_EQ(errors_.str(),
            "seedfed: cannot start server: " + (folder_ / "seedfed-server").string() +
                ": No such file or directory\n");
}

TEST_F(SimulationTest, BadInput_NothingIsStarted) {
  options_.data = "/nonexistent";
  EXPECT_EQ(Run(), kExitBadInput);
  EXPECT_THAT(errors_.str(), HasSubstr("seedfed: --data /nonexistent is not a folder"));
  EXPECT_THAT(out_.str(), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(options_.keep));
}

TEST_F(SimulationTest, KeepHoldsFiles_Refused) {
  options_.keep = folder_.path();
  EXPECT_EQ(Run(), kExitBadInput);
  EXPECT_THAT(errors_.str(), HasSubstr("holds files already"));
}

}  // namespace
}  // namespace seedfed

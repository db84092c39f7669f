// The machine's date is set to other days while a federation runs; monotonic time goes on as it
// was. Done with libfaketime, which the processes load.

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/fault/fleet.h"
#include "tests/fault/moved_date.h"

namespace seedfed {
namespace {

class ClockSteps : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = MovedDate::Unavailable(); !why.empty()) GTEST_SKIP() << why;
  }
};

TEST_F(ClockSteps, DaysForwardAndBackInTheRun_SameFingerprintAsUndisturbed) {
  const std::string expected = Undisturbed(kTwoClients);
  MovedDate date;
  Federation federation(kTwoClients);
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(federation.Client(id));
  ASSERT_TRUE(federation.server().WaitForOutput("round 1 complete"))
      << federation.server().Output();
  for (const int days : {1, -1, 30, -30}) {
    const std::string moved = date.MoveTo(days);
    ASSERT_TRUE(federation.server().WaitForOutput(moved)) << federation.server().Output();
    for (Process& client : clients) {
      ASSERT_TRUE(client.WaitForOutput(moved)) << client.Output();
    }
  }
  date.MoveTo(0);
  EXPECT_EQ(Finish(federation, clients), expected);
}

TEST_F(ClockSteps, DayForwardAndBackInARound_ItsDeadlineDoesNotCome) {
  const std::vector<std::string> rules =
      kTwoClients + std::vector<std::string>{"--quorum", "1", "--min-clients", "1"};
  const std::string expected = Undisturbed(rules);
  MovedDate date;
  Federation federation(rules + std::vector<std::string>{"--deadline", "600"});
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(federation.Client(id));
  ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
      << federation.server().Output();
  clients[1].Signal(SIGSTOP);
  // Client a's update is there, which is the quorum; its next call waits at the server.
  for (const int days : {1, -1, 0}) {
    EXPECT_EQ(clients[0].Wait(1), Process::kStillRunning) << clients[0].Output();
    date.MoveTo(days);
  }
  EXPECT_EQ(clients[0].Wait(1), Process::kStillRunning) << clients[0].Output();
  clients[1].Signal(SIGCONT);
  EXPECT_EQ(Finish(federation, clients), expected);
  const std::string log = federation.server().Output();
  EXPECT_EQ(log.find("complete: 1 updates"), std::string::npos) << log;
  EXPECT_EQ(log.find("at its deadline"), std::string::npos) << log;
}

TEST_F(ClockSteps, DayBackInARound_ItsDeadlineComesAllTheSame) {
  MovedDate date;
  Federation federation(kTwoClients + std::vector<std::string>{"--quorum", "1", "--min-clients",
                                                               "1", "--deadline", "2"});
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(federation.Client(id));
  ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
      << federation.server().Output();
  clients[1].Signal(SIGSTOP);
  date.MoveTo(-1);
  EXPECT_TRUE(federation.server().WaitForOutput("complete: 1 updates"))
      << federation.server().Output();
  clients[1].Signal(SIGCONT);
  // Killed, they would leave libfaketime's files in /dev/shm.
  for (Process* process : {&clients[0], &clients[1], &federation.server()}) {
    process->Signal(SIGTERM);
    EXPECT_EQ(process->Wait(), 0) << process->Output();
  }
}

}  // namespace
}  // namespace seedfed

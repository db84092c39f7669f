// The machine's date is set to other days while a federation runs; monotonic time goes on as it
// was. Done with libfaketime, which the processes load.

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/fault/fleet.h"

namespace seedfed {
namespace {

// Where Debian's package has it, or nothing.
std::string Libfaketime() {
  std::error_code ignored;
  for (const auto& folder : std::filesystem::directory_iterator("/usr/lib", ignored)) {
    const auto library = folder.path() / "faketime/libfaketimeMT.so.1";
    if (std::filesystem::exists(library, ignored)) return library;
  }
  return "";
}

// The date of the processes that are started while this object lives.
class MovedDate {
 public:
  MovedDate() {
    MoveTo(0);
    for (const auto& [name, value] :
         std::map<std::string, std::string>{{"FAKETIME_TIMESTAMP_FILE", file_},
                                            {"FAKETIME_NO_CACHE", "1"},
                                            {"FAKETIME_DONT_FAKE_MONOTONIC", "1"},
                                            {"LD_PRELOAD", Libfaketime()}}) {
      setenv(name.c_str(), value.c_str(), 1);
      names_.push_back(name);
    }
  }
  ~MovedDate() {
    for (const std::string& name : names_) unsetenv(name.c_str());
  }
  MovedDate(const MovedDate&) = delete;
  MovedDate& operator=(const MovedDate&) = delete;

  // From now on the date is so many days after the real one. Gives it as the logs write it.
  std::string MoveTo(int days) {
    const std::string next = folder_ / "next";
    WriteText(next, (days < 0 ? "" : "+") + std::to_string(days) + "d\n");
    std::filesystem::rename(next, file_);  // at once: a file half written is never read
    const time_t date = time(nullptr) + time_t{days} * 24 * 60 * 60;
    tm local = {};
    std::array<char, 16> text = {};
    strftime(text.data(), text.size(), "%Y-%m-%d", localtime_r(&date, &local));
    return text.data();
  }

 private:
  const TempFolder folder_;
  const std::string file_ = folder_ / "date";
  std::vector<std::string> names_;
};

class ClockSteps : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer must be the first library that a process loads";
#endif
    if (Libfaketime().empty()) GTEST_SKIP() << "needs the package faketime";
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

// Bad links between clients and server: late, but the same model.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "tests/fault/fleet.h"

namespace seedfed {
namespace {

using std::chrono::milliseconds;

TEST(Link, ResetBetweenAndInTheMiddleOfCalls_SameFingerprintAsUndisturbed) {
  Federation federation(kTwoClients);
  // A connection breaks in the middle of one of its first six updates of 448 bytes.
  Proxy proxy(federation.port(), {.reset_after = 3000});
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(ClientBehind(proxy, federation, id));
  for (const char* round : {"round 2 complete", "round 10 complete"}) {
    ASSERT_TRUE(federation.server().WaitForOutput(round)) << federation.server().Output();
    proxy.ResetAll();
  }
  const std::string fingerprint = Finish(federation, clients);
  EXPECT_GE(proxy.resets(), 3U);
  EXPECT_EQ(fingerprint, Undisturbed(kTwoClients));
}

TEST(Link, ResetWhileTheEndIsOnItsWay_ServerWaitsUntilTheClientKnowsIt) {
  const std::vector<std::string> arguments =
      kSmallFederation + std::vector<std::string>{"--tile",   "64",       "--clients",
                                                  "2",        "--shards", "2",
                                                  "--rounds", "1",        "--exit-when-done"};
  Federation federation(arguments);
  Proxy proxy(federation.port(), {.delay = milliseconds(700)});
  std::vector<Process> clients;
  clients.push_back(ClientBehind(proxy, federation, "b"));
  ASSERT_TRUE(clients[0].WaitForOutput("accepted")) << clients[0].Output();
  std::this_thread::sleep_for(milliseconds(1400));  // it waits for the round now
  clients.push_back(federation.Client("a"));
  ASSERT_TRUE(federation.server().WaitForOutput("all 1 rounds are complete"))
      << federation.server().Output();
  proxy.ResetAll();
  const std::string fingerprint = Finish(federation, clients);
  EXPECT_GE(proxy.resets(), 1U);
  EXPECT_NE(clients[0].Output().find("fingerprint " + fingerprint), std::string::npos)
      << clients[0].Output();
}

TEST(Link, BlackholeForSomeSeconds_HealsWithTheSameFingerprint) {
  Federation federation(kTwoClients);
  Proxy proxy(federation.port());
  std::vector<Process> clients;
  clients.push_back(federation.Client("a"));
  clients.push_back(ClientBehind(proxy, federation, "b"));
  ASSERT_TRUE(federation.server().WaitForOutput("round 2 complete"))
      << federation.server().Output();
  proxy.Set({.blackhole = true});
  EXPECT_EQ(clients[1].Wait(4), Process::kStillRunning) << clients[1].Output();
  EXPECT_EQ(federation.server().Output().find("round 30 complete"), std::string::npos);
  proxy.Set({});
  EXPECT_EQ(Finish(federation, clients), Undisturbed(kTwoClients));
}

TEST(Link, OneKilobyteASecondWithTwoSecondsLatency_RoundsFinish) {
  const std::vector<std::string> arguments =
      kSmallFederation + std::vector<std::string>{"--tile",   "64",       "--clients",
                                                  "2",        "--shards", "2",
                                                  "--rounds", "2",        "--exit-when-done"};
  Federation federation(arguments);
  Proxy proxy(federation.port(), {.delay = milliseconds(2000), .bytes_per_second = 1000});
  std::vector<Process> clients;
  clients.push_back(federation.Client("a"));
  clients.push_back(ClientBehind(proxy, federation, "b"));
  EXPECT_EQ(Finish(federation, clients, 120), Undisturbed(arguments));
}

}  // namespace
}  // namespace seedfed

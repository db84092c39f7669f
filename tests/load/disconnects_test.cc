// A server under 64 clients that are lost and come back all the time. Built with the thread
// sanitizer, this is what shows that the server has no races.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/federation.h"
#include "tests/fault/proxy.h"
#include "tests/load/restless_client.h"

namespace seedfed {
namespace {

constexpr uint32_t kClients = 64, kRounds = 10;
constexpr std::chrono::seconds kLongest(200);

struct Outcome {
  std::string fingerprint;  // of the last round, from the server's log
  uint64_t interruptions = 0;
  size_t resets = 0;
};

Outcome RunFederation(bool restless) {
  Federation federation(std::vector<std::string>{"--model", "784-32-10", "--key", "7", "--clients",
                                                 std::to_string(kClients), "--rounds",
                                                 std::to_string(kRounds), "--http", "127.0.0.1:0"});
  std::array<std::unique_ptr<Proxy>, 4> links;
  for (auto& link : links) link = std::make_unique<Proxy>(federation.port());

  std::vector<absl::StatusOr<std::string>> ends(kClients, absl::UnknownError("not at its end"));
  std::atomic<uint64_t> answers = 0, interruptions = 0;
  std::atomic<uint32_t> running = kClients;
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < kClients; ++i) {
    threads.emplace_back([&, i] {
      RestlessClient client(links[i % links.size()]->address(), i, restless, answers);
      ends[i] = client.Run(kLongest);
      interruptions += client.interruptions();
      --running;
    });
  }
  // Resets follow the answers, so that a slow machine gets as far as a quick one.
  std::mt19937 random(1);
  for (uint64_t next = 0; running != 0; std::this_thread::sleep_for(std::chrono::milliseconds(1))) {
    if (!restless || answers < next) continue;
    links[random() % links.size()]->ResetAll();
    next = answers + kClients + random() % (3 * kClients);
  }
  for (std::thread& thread : threads) thread.join();

  federation.server().Signal(SIGTERM);
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  std::set<std::string> fingerprints;
  for (const auto& end : ends) {
    EXPECT_TRUE(end.ok()) << end.status();
    if (end.ok()) fingerprints.insert(*end);
  }
  EXPECT_EQ(fingerprints.size(), 1U) << "the clients ended with different models";
  const std::string log = federation.server().Output();
  for (uint32_t round = 1; round <= kRounds; ++round) {
    const std::string line = "round " + std::to_string(round) + " complete: 64 updates";
    EXPECT_NE(log.find(line), std::string::npos) << "no '" << line << "' in\n" << log;
  }
  size_t resets = 0;
  for (const auto& link : links) resets += link->resets();
  std::printf("%s: %llu calls interrupted, %zu connections reset\n", restless ? "restless" : "calm",
              static_cast<unsigned long long>(interruptions.load()), resets);
  return {federation.FinalFingerprint(), interruptions, resets};
}

TEST(Disconnects, SixtyFourRestlessClients_SameFingerprintAsUndisturbed) {
  const Outcome disturbed = RunFederation(true);
  EXPECT_GT(disturbed.interruptions, kClients);
  EXPECT_GT(disturbed.resets, kClients);
  EXPECT_EQ(disturbed.fingerprint.size(), 64U);
  const Outcome undisturbed = RunFederation(false);
  EXPECT_EQ(undisturbed.interruptions, 0U);
  EXPECT_EQ(undisturbed.resets, 0U);
  EXPECT_EQ(disturbed.fingerprint, undisturbed.fingerprint);
}

}  // namespace
}  // namespace seedfed

#ifndef SEEDFED_TESTS_FAULT_FLEET_H_
#define SEEDFED_TESTS_FAULT_FLEET_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/e2e/federation.h"
#include "tests/fault/proxy.h"

namespace seedfed {

// Two clients whose every update counts, so that the model does not depend on time. A round takes
// some tens of milliseconds, all of them a second or two: time enough to disturb them.
inline const std::vector<std::string> kTwoClients = {
    "--model",   "784-32-10", "--samples", "8000", "--key",    "7",  "--batch",         "64",
    "--clients", "2",         "--shards",  "2",    "--rounds", "30", "--exit-when-done"};

// A client whose connection goes through `proxy`.
inline Process ClientBehind(const Proxy& proxy, const Federation& federation,
                            const std::string& id) {
  return Process("seedfed-client",
                 {"--server", proxy.address(), "--id", id, "--data", kFashionMnist},
                 federation.folder() / (id + ".log"));
}

// Waits until the clients and then the server have ended well; the fingerprint of the last round.
inline std::string Finish(Federation& federation, std::vector<Process>& clients,
                          double seconds = 60) {
  for (Process& client : clients) EXPECT_EQ(client.Wait(seconds), 0) << client.Output();
  EXPECT_EQ(federation.server().Wait(), 0) << federation.server().Output();
  return federation.FinalFingerprint();
}

inline std::string Undisturbed(const std::vector<std::string>& arguments) {
  Federation federation(arguments);
  std::vector<Process> clients;
  for (const char* id : {"a", "b"}) clients.push_back(federation.Client(id));
  std::string fingerprint = Finish(federation, clients);
  EXPECT_EQ(fingerprint.size(), 64U);
  return fingerprint;
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_FAULT_FLEET_H_

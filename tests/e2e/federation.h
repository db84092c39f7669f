#ifndef SEEDFED_TESTS_E2E_FEDERATION_H_
#define SEEDFED_TESTS_E2E_FEDERATION_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/e2e/process.h"

namespace seedfed {

inline constexpr char kFashionMnist[] = "/usr/share/datasets/fashion-mnist";

// A small network on Fashion-MNIST that trains a round in a fraction of a second.
inline const std::vector<std::string> kSmallFederation = {
    "--model", "784-32-10", "--samples", "256", "--key", "7", "--batch", "64"};

std::vector<std::string> operator+(std::vector<std::string> first,
                                   const std::vector<std::string>& second);

// A server and clients on loopback, started by hand as an operator would.
class Federation {
 public:
  // Starts seedfed-server on a free port with `arguments`, and waits until it listens.
  explicit Federation(std::vector<std::string> arguments);

  Process Client(const std::string& id, const std::vector<std::string>& arguments = {});
  Process Evaluator();

  Process& server() { return server_.back(); }
  uint16_t port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  const TempFolder& folder() const { return folder_; }

  // kill -9, then the same command again on the same port and store.
  void CrashAndRestartServer();

  // The same command again, after the last server has ended.
  void RestartServer() { StartServer(); }

  // Rounds that the evaluator has reported: round -> its JSON line's values.
  struct Line {
    double accuracy = 0;
    std::string fingerprint;
    std::string base_checksum;
    double bytes_up = 0;
    double bytes_down = 0;
  };
  std::map<int, Line> EvaluatedRounds() const;

  // The fingerprint in the server's last log line.
  std::string FinalFingerprint();

 private:
  void StartServer();

  TempFolder folder_;
  std::vector<std::string> arguments_;
  uint16_t port_ = 0;
  std::vector<Process> server_;  // all runs; the last one counts
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_E2E_FEDERATION_H_

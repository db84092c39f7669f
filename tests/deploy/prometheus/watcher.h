#ifndef SEEDFED_TESTS_DEPLOY_PROMETHEUS_WATCHER_H_
#define SEEDFED_TESTS_DEPLOY_PROMETHEUS_WATCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/process.h"

namespace seedfed {

// A real Prometheus that watches a server on loopback with a configuration and the alerts of
// deploy/prometheus, hurried: it looks five times a second, and alerts wait for a second only.
class Watcher {
 public:
  // `configuration` is a file of deploy/prometheus; its target becomes the server's `http_port`,
  // and its credentials_file `token_file`.
  Watcher(const std::string& configuration, uint16_t http_port, const std::string& token_file = "");

  // The result vector of a PromQL expression; null when Prometheus does not understand it.
  nlohmann::json Query(const std::string& expression) const;

  // Whether the alert fires within half a minute. `meanwhile` is called again and again.
  bool AwaitAlert(
      const std::string& name, const std::function<void()>& meanwhile = [] {}) const;

  // Whether an expression has at least one result within half a minute.
  bool AwaitResult(const std::string& expression) const;

  std::string Log() const { return process_->Output(); }

 private:
  TempFolder folder_;
  std::unique_ptr<Process> process_;
  uint16_t port_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_DEPLOY_PROMETHEUS_WATCHER_H_

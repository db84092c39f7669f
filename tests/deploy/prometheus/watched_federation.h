#ifndef SEEDFED_TESTS_DEPLOY_PROMETHEUS_WATCHED_FEDERATION_H_
#define SEEDFED_TESTS_DEPLOY_PROMETHEUS_WATCHED_FEDERATION_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/federation.h"

namespace seedfed {

// A server on free ports whose metrics can be read at http_port.
class WatchedFederation {
 public:
  explicit WatchedFederation(const std::vector<std::string>& arguments)
      : federation_(kSmallFederation +
                    std::vector<std::string>{"--http", "127.0.0.1:0", "--http-port-file",
                                             folder_ / "http"} +
                    arguments) {
    for (int i = 0; http_port_ == 0 && i < 1000; ++i) {
      std::istringstream(ReadText(folder_ / "http")) >> http_port_;
      if (http_port_ == 0) federation_.server().Wait(0.01);
    }
    EXPECT_NE(http_port_, 0) << federation_.server().Output();
  }

  Federation& operator*() { return federation_; }
  Federation* operator->() { return &federation_; }
  uint16_t http_port() const { return http_port_; }

 private:
  TempFolder folder_;
  Federation federation_;
  uint16_t http_port_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_DEPLOY_PROMETHEUS_WATCHED_FEDERATION_H_

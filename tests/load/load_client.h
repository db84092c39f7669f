#ifndef SEEDFED_TESTS_LOAD_LOAD_CLIENT_H_
#define SEEDFED_TESTS_LOAD_LOAD_CLIENT_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"

namespace seedfed {

// A client that does not train: it submits random words, which any server of the federation takes.
// One call on one thread.
struct LoadClient {
  std::string server;  // HOST:PORT
  std::string id;
  // Called before a round's update is submitted, to slow the client down.
  std::function<void(uint32_t round)> pace;
  std::atomic<uint64_t>& accepted;

  // Takes part in rounds until `stopped` or the federation is finished. The error is that of the
  // first call that failed.
  absl::Status Run(const std::atomic<bool>& stopped);
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_LOAD_LOAD_CLIENT_H_

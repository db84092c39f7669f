#ifndef SEEDFED_TESTS_LOAD_RESTLESS_CLIENT_H_
#define SEEDFED_TESTS_LOAD_RESTLESS_CLIENT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "seedfed/v1/federation.grpc.pb.h"

namespace seedfed {

// A client that does not train, and that is lost again and again: it gives up calls in their
// middle, hangs up, joins anew, sends what it has sent before. What it submits depends on its
// number and the round only. One object on one thread.
class RestlessClient {
 public:
  // `restless` false: it does none of that. `server` is HOST:PORT. Counts in `answers` the calls
  // that were answered.
  RestlessClient(std::string server, uint32_t number, bool restless,
                 std::atomic<uint64_t>& answers);

  // Takes part until the federation is finished, and returns the last round's fingerprint, 32
  // bytes. An interrupted call is made again; any other failure is the error, and so is the end of
  // `time`.
  absl::StatusOr<std::string> Run(std::chrono::seconds time);

  // Calls that were given up or whose connection broke.
  uint64_t interruptions() const { return interruptions_; }

 private:
  // With one connection, until it is hung up or the federation is finished (true).
  absl::StatusOr<bool> Visit();

  bool Chance(double probability);
  std::chrono::milliseconds UpTo(int milliseconds);

  // Makes one call; false when it was interrupted.
  template <typename Request, typename Response>
  absl::StatusOr<bool> Call(grpc::Status (v1::Federation::Stub::*method)(grpc::ClientContext*,
                                                                         const Request&, Response*),
                            const Request& request, Response& response);

  const std::string server_;
  const uint32_t number_;
  const bool restless_;
  std::atomic<uint64_t>& answers_;
  std::mt19937 random_;
  std::unique_ptr<v1::Federation::Stub> stub_;
  uint32_t have_ = 0;  // the last round whose words have come
  std::string fingerprint_;
  uint64_t interruptions_ = 0;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_LOAD_RESTLESS_CLIENT_H_

#ifndef SEEDFED_TESTS_LOAD_FLEET_H_
#define SEEDFED_TESTS_LOAD_FLEET_H_

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "seedfed/v1/federation.grpc.pb.h"

namespace seedfed {

struct FleetOptions {
  std::string server;        // HOST:PORT
  uint32_t members = 1;      // as many updates as end a round of the server
  uint32_t connections = 1;  // TCP connections, which the members share evenly
  uint32_t in_flight = 1;    // SubmitUpdate calls, and Joins, that are open at a time
  size_t words_bytes = 0;    // of an update; all of them are the same random words
  // Every member waits for the end of each round, as real clients do; otherwise only the first.
  bool everyone_waits = false;
};

// Members of a federation that do not train, all on the caller's thread. For a server of ensemble
// words, of which any bytes are valid.
class Fleet {
 public:
  explicit Fleet(const FleetOptions& options);
  ~Fleet();

  // The errors are those of the first call that failed.

  // Every member joins.
  absl::Status Join();

  // Every member's AwaitRound is open at the server on return. The next Run answers them.
  absl::Status Hold();

  // Members submit, and wait as told, until `rounds` more rounds are complete; nobody waits for
  // the others but through the server.
  absl::Status Run(uint32_t rounds);

 private:
  struct Connection {
    std::unique_ptr<v1::Federation::Stub> stub;
  };
  struct Member {
    Connection* connection;
    uint32_t number = 0;
    uint32_t round = 0;  // has the result of
    bool waiting = false;
  };
  class Call;
  template <typename Response>
  class UnaryCall;

  // Handles answers until `done` or until a call fails.
  absl::Status Until(const std::function<bool()>& done);
  template <typename Response, typename Start>
  void Send(const Start& start, std::function<void(const Response&)> then);
  void Join(size_t index);
  void SubmitNext();
  void Submit(size_t index);
  void Await(size_t index);
  void Reached(size_t index, uint32_t round);

  const FleetOptions options_;
  grpc::CompletionQueue queue_;
  std::vector<Connection> connections_;
  std::vector<Member> members_;
  std::deque<size_t> ready_;     // to submit
  std::vector<size_t> resting_;  // have all the rounds that Run is to reach
  v1::SubmitUpdateRequest update_;
  uint32_t open_submits_ = 0;
  uint32_t joined_ = 0;
  uint32_t accepted_ = 0;    // of the current round, when only the first member waits
  uint32_t goal_round_ = 0;  // of Run
  absl::Status status_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_LOAD_FLEET_H_

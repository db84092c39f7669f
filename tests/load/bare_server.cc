// What gRPC alone costs: a server with the calls of seedfed.v1.Federation that keeps nothing,
// checks nothing and computes nothing. The yardstick of tests/bench.sh.
//
//   seedfed_bare_server --port-file FILE --goal N
//
// Join counts members, SubmitUpdate counts updates and answers at once, AwaitRound is held until N
// updates came. One round of words as long as an update goes to every waiting caller. Ends on
// SIGTERM.

#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "seedfed/v1/federation.grpc.pb.h"

namespace seedfed {
namespace {

class BareService final : public v1::Federation::CallbackService {
 public:
  explicit BareService(uint64_t goal) : goal_(goal) {}

  grpc::ServerUnaryReactor* Join(grpc::CallbackServerContext* context, const v1::JoinRequest*,
                                 v1::JoinResponse* response) override {
    response->set_federation_id(std::string(16, 'b'));
    response->set_client_number(members_++);
    response->set_round(static_cast<uint32_t>(updates_ / goal_));
    return Finish(context);
  }

  grpc::ServerUnaryReactor* SubmitUpdate(grpc::CallbackServerContext* context,
                                         const v1::SubmitUpdateRequest* request,
                                         v1::SubmitUpdateResponse* response) override {
    response->set_outcome(v1::SubmitUpdateResponse::OUTCOME_ACCEPTED);
    const uint64_t updates = ++updates_;
    response->set_round(static_cast<uint32_t>(updates / goal_));
    if (updates % goal_ == 0) AnswerAll(static_cast<uint32_t>(updates / goal_), request->words());
    return Finish(context);
  }

  grpc::ServerUnaryReactor* AwaitRound(grpc::CallbackServerContext* context,
                                       const v1::AwaitRoundRequest* request,
                                       v1::AwaitRoundResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const absl::MutexLock lock(&mutex_);
    if (request->have_round() < round_) {
      Answer({reactor, response});
    } else {
      held_.push_back({reactor, response});
    }
    return reactor;
  }

 private:
  struct Held {
    grpc::ServerUnaryReactor* reactor;
    v1::AwaitRoundResponse* response;
  };

  static grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  void Answer(const Held& held) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    held.response->set_round(round_);
    v1::RoundResult& result = *held.response->add_results();
    result.set_round(round_);
    result.set_words(words_);
    held.reactor->Finish(grpc::Status::OK);
  }

  void AnswerAll(uint32_t round, const std::string& words) {
    const absl::MutexLock lock(&mutex_);
    round_ = round;
    words_ = words;
    for (const Held& held : std::exchange(held_, {})) Answer(held);
  }

  const uint64_t goal_;
  std::atomic<uint32_t> members_ = 0;
  std::atomic<uint64_t> updates_ = 0;
  absl::Mutex mutex_;
  uint32_t round_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string words_ ABSL_GUARDED_BY(mutex_);
  std::vector<Held> held_ ABSL_GUARDED_BY(mutex_);
};

int Serve(const std::string& port_file, uint64_t goal) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // as the server does
  BareService service(goal);
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  builder.SetMaxReceiveMessageSize(-1);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    std::fputs("seedfed_bare_server: cannot listen on 127.0.0.1\n", stderr);
    return 1;
  }
  if (!(std::ofstream(port_file) << port << '\n')) {
    std::fprintf(stderr, "seedfed_bare_server: cannot write %s\n", port_file.c_str());
    return 1;
  }
  server->Wait();
  return 0;
}

}  // namespace
}  // namespace seedfed

int main(int argc, char** argv) {
  CLI::App app("A server of gRPC calls that does nothing", "seedfed_bare_server");
  std::string port_file;
  uint64_t goal = 0;
  app.add_option("--port-file", port_file, "Where to write the port")->required();
  app.add_option("--goal", goal, "Updates that end a round")
      ->required()
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  return seedfed::Serve(port_file, goal);
}

#ifndef SEEDFED_TESTS_SERVER_CORE_SCENARIO_H_
#define SEEDFED_TESTS_SERVER_CORE_SCENARIO_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/status.h"
#include "tests/server/core/core_fixture.h"

namespace seedfed {

class CommandLine;

// A server without its surroundings, driven by text: one command in, what it did out. Time starts
// at 0 s and moves only with `wait`.
//
//   rules [rounds=N] [goal=N] [quorum=N] [min_clients=N] [deadline=T] [poll=T] [cap=N]
//         [snapshot_every=N]          a new, empty server
//   join ID [evaluate]
//   await CLIENT have=N [federation=other]
//   leave CLIENT                      it knows the end
//   submit CLIENT round=N [salt=N] [examples=N] [loss=X] [short] [federation=other]
//   submit CLIENT again               the same request as the client's last one
//   submit CLIENT round=FIRST..LAST   one after the other; only the last one's effects are shown
//   snapshot CLIENT
//   cancel CALL                       the caller hangs up
//   wait T
//   hold                              commits are asked for, but do not become durable
//   durable N                         the oldest N commits do
//   durable                           all do, from now on at once
//   restart                           a new server with what is durable
//   status
//
// CLIENT is an id that has joined, or a client number. T is like 30s. Not thread-safe.
class Scenario {
 public:
  // The lines that `command` leads to, each with its line end. InvalidArgument when there is no
  // such command.
  absl::StatusOr<std::string> Run(const std::string& command);

 private:
  struct Commit {
    uint64_t ticket;
    std::vector<Write> writes;
  };
  struct Call {
    std::string verb;
    std::string client;
  };

  void Start(Recovered recovered, std::optional<Model> model);
  absl::Status Rules(CommandLine& line);
  absl::Status Join(CommandLine& line);
  absl::Status Request(const std::string& verb, CommandLine& line);
  absl::Status Submit(uint32_t client, const std::string& name, CommandLine& line);
  absl::Status Cancel(CommandLine& line);
  absl::Status Wait(CommandLine& line);
  absl::Status MakeDurable(CommandLine& line);
  absl::Status Restart();
  void Status();

  absl::StatusOr<uint32_t> Number(const std::string& client) const;
  std::string NameOf(uint32_t client) const;
  // Announces a call, so that its answer says whose it is.
  void Calling(const std::string& verb, const std::string& client);
  void ShowIfUnanswered();
  std::string Time(absl::Duration since_start) const;
  void Line(const std::string& text) { output_ += text + "\n"; }
  void Show(const Effects& effects);
  void ShowWrite(uint64_t ticket, const Write& write);
  void ShowReply(const Reply& reply);

  RoundRules rules_;
  std::unique_ptr<CoreDriver> driver_;
  absl::Duration started_;                    // when the running server did
  std::vector<Commit> commits_;               // of the running server
  std::vector<Write> store_;                  // of those before it: what was durable
  std::map<std::string, uint32_t> numbers_;   // as far as the clients know
  std::map<std::string, std::string> again_;  // each client's last submission
  std::map<CallId, Call> unanswered_;
  std::string output_;
  bool muted_ = false;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_CORE_SCENARIO_H_

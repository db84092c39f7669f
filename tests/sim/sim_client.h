#ifndef SEEDFED_TESTS_SIM_SIM_CLIENT_H_
#define SEEDFED_TESTS_SIM_SIM_CLIENT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/core/session.h"
#include "tests/sim/faults.h"
#include "tests/sim/sim_server.h"
#include "tests/sim/world.h"

namespace seedfed {

// The real Session behind a simulated network. Training takes simulated time; what it gives must
// follow from the session's model, key and client number, as real training with deterministic keys
// does.
class SimClient {
 public:
  using Training = std::function<RoundUpdate(const Session&, uint32_t round)>;

  SimClient(World& world, const Faults& faults, const ModelSpec& spec, const FederationKey& key,
            std::string id, SimServer& server, Training training, double participation = 1);

  // An update that looks like chance but follows from key, client number and round.
  static RoundUpdate MakeUpdate(const Session& session, uint32_t round);

  void Start();

  // Loses the session; Start makes a new one with the same id.
  void Crash();

  void set_partitioned(bool partitioned) { partitioned_ = partitioned; }
  bool running() const { return session_ != nullptr; }
  bool leaving() const { return leaving_; }  // knows the end and has begun to tell the server
  bool finished() const { return exit_status_.has_value(); }
  int exit_status() const { return exit_status_.value_or(-1); }

  // What the session said last.
  const std::string& last_note() const { return last_note_; }

 private:
  using Content = SimServer::Content;

  void Do(SessionStep step);
  void Handle(SessionEvent event);
  void Later(absl::Duration delay, std::function<void()> what);
  SimServer::Event Request(const SessionAction& action);
  void Send(const SessionAction& action);
  void Receive(Content content);
  World& world_;
  const Faults faults_;
  const ModelSpec spec_;
  const FederationKey key_;
  const std::string id_;
  SimServer& server_;
  const Training training_;
  const double participation_;
  std::unique_ptr<Session> session_;
  uint64_t life_ = 0;
  uint64_t call_ = 0;  // the call whose answer is waited for
  bool partitioned_ = false;
  bool leaving_ = false;
  std::optional<int> exit_status_;
  std::string last_note_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SIM_SIM_CLIENT_H_

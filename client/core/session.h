#ifndef SEEDFED_CLIENT_CORE_SESSION_H_
#define SEEDFED_CLIENT_CORE_SESSION_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/core/backoff.h"
#include "client/core/session_types.h"
#include "common/base/random.h"
#include "common/model/model.h"

namespace seedfed {

struct SessionOptions {
  ClientRole role = ClientRole::kTrain;
  std::string server;      // HOST:PORT, for sentences
  absl::Duration give_up;  // end when the server could not be reached for this long; 0: never
};

// A client's part in a federation as a pure state machine: one event in, one action out; no socket,
// clock or thread. It holds the model and keeps it equal to the server's, bit for bit.
//
//   trainers:   Join, Prepare, then for each round Await, Train, Submit; ConfirmEnd, Finish
//   evaluators: Join, Prepare, then for each round Await, Evaluate, Report; ConfirmEnd, Finish
//
// A call that failed because of the network or a server that restarts is repeated after a wait, for
// ever or until `give_up`: nothing is lost meanwhile, neither the model nor the update. A server
// that does not know this client (any more) is joined again. A model that differs from the server's
// is replaced by a snapshot; if that differs too, the session ends. Evaluation never waits for a
// report: one that fails is sent again after the next good answer to another call, and given up
// when the server refuses it. That the end is confirmed spares the server a wait and is not
// insisted on. Exit status: 0 the federation is finished or Stop came, otherwise 1
// or what LocalFault said. Not thread-safe.
class Session {
 public:
  // `random` (for the waits) must outlive this.
  Session(SessionOptions options, RandomSource& random);

  SessionStep Start();
  SessionStep Handle(SessionEvent event);

  // Valid from the action Prepare on.
  const Membership& membership() const { return *membership_; }

  // Valid in the actions Await, Train, Submit, FetchSnapshot and Evaluate.
  const Model& model() const { return *model_; }

  // Valid in the action Submit.
  const RoundUpdate& update() const { return *update_; }

  // Valid in the action Report.
  const EvaluationReport& report() const { return reports_.front(); }

  // How often the model differed from the server's.
  uint32_t mismatches() const { return mismatches_; }

 private:
  enum class Call { kJoin, kAwait, kSubmit, kReport, kSnapshot, kConfirmEnd };

  void On(event::Joined event);
  void On(event::Prepared event);
  void On(event::Awaited event);
  void On(event::Trained event);
  void On(event::Submitted event);
  void On(event::SnapshotFetched event);
  void On(event::Evaluated event);
  void On(event::Reported event);
  void On(event::EndConfirmed event);
  void On(event::Woke event);
  void On(event::CallFailed event);
  void On(event::LocalFault event);
  void On(event::Stop event);

  // What the state asks for.
  SessionAction Next();

  // The federation is finished: its end is confirmed first, then `text` is the last note.
  SessionAction Leave(std::string text);

  // Merges waiting rounds; stops early for an evaluation, which it returns, or a mismatch.
  std::optional<action::Evaluate> MergeWaiting();
  void Differs(const RoundWords& round, const std::string& how);
  action::Evaluate Evaluation(std::optional<RoundSummary> summary,
                              std::optional<size_t> bytes_down) const;

  void ReportFailed(const absl::Status& status, absl::Duration now);
  void ConfirmEndFailed(absl::StatusCode code);
  void DropReport(const std::string& why);

  void Succeeded();
  void RetryLater(const absl::Status& status, absl::Duration now);
  void JoinAgain(const absl::Status& status, absl::Duration now);
  void Wait(const std::string& problem, absl::Duration now);
  void MakeModel();
  void ForgetModel();
  void End(int exit_status, SessionNote::Level level, std::string text);
  void Note(SessionNote::Level level, std::string text);
  void NoteConnection(SessionNote::Level level, std::string text);

  const SessionOptions options_;
  Backoff backoff_;
  std::vector<SessionNote> notes_;
  std::optional<action::Finish> finish_;

  std::optional<Membership> membership_;
  bool joined_ = false;    // the server knows membership_, as far as we know
  bool prepared_ = false;  // data and trainer fit membership_
  bool rejoining_ = false;
  uint32_t server_round_ = 0;  // the last complete round we know of
  bool finished_ = false;
  bool end_confirmed_ = false;  // or given up
  uint32_t confirm_failures_ = 0;

  std::optional<Model> model_;
  std::deque<RoundWords> waiting_;  // received, not merged
  bool snapshot_wanted_ = false;
  bool snapshot_unproven_ = false;      // the model is a snapshot that no round has confirmed
  std::optional<RoundWords> disputed_;  // the round after which the model differed
  std::optional<action::Evaluate> evaluation_;
  uint32_t mismatches_ = 0;

  std::optional<RoundUpdate> update_;  // the last one that was trained
  uint32_t answered_round_ = 0;        // the last round whose update was answered

  std::deque<EvaluationReport> reports_;  // not answered yet, oldest first
  bool report_due_ = false;               // the next report may be tried now
  bool reports_taken_ = true;             // by the server, as far as we know
  uint32_t report_failures_ = 0;          // of the oldest report

  Call call_ = Call::kJoin;
  std::optional<absl::Duration> wait_;
  absl::Duration retry_after_;  // event::CallFailed::retry_after of the last one
  std::optional<absl::Duration> failing_since_;
  std::string reported_;  // the last problem that was noted, when
  absl::Duration reported_at_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_CORE_SESSION_H_

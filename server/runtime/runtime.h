#ifndef SEEDFED_SERVER_RUNTIME_RUNTIME_H_
#define SEEDFED_SERVER_RUNTIME_RUNTIME_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/clock.h"
#include "common/base/status.h"
#include "server/core/effects.h"
#include "server/core/federation_core.h"
#include "server/monitor/monitor.h"
#include "server/store/storage_thread.h"
#include "server/store/store.h"

namespace seedfed {

// Runs a FederationCore on a Boost.Asio strand: calls become events; effects become commits of the
// storage thread, answers, news for those who watch, and a timer. Thread-safe but where it says
// otherwise.
class Runtime {
 public:
  using Executor = boost::asio::strand<boost::asio::io_context::executor_type>;
  using Content = decltype(Reply::content);
  using Handler = std::function<void(Content)>;
  using Step = std::function<Effects(FederationCore&, CallId, absl::Duration now)>;

  // An open call, for cancelling it.
  class Call {
   private:
    friend class Runtime;
    std::optional<CallId> id_;
    bool cancelled_ = false;
  };

  // `store` and `clock` must outlive this. `ended` is called once, on the strand: with OK when
  // `exit_when_done` and all rounds are complete and the clients know of it; with the store's error
  // when it failed.
  Runtime(boost::asio::io_context& io, FederationCore core, Monitor monitor, Store& store,
          const Clock& clock, bool exit_when_done, std::function<void(absl::Status)> ended);

  // Commits what is queued.
  ~Runtime();

  // Never changes; see FederationCore::codec.
  const UpdateCodec& codec() const { return core_.codec(); }

  // Begins the timers.
  void Start();

  // Applies `step` to the core, on the strand; `handler` gets the one reply, on the strand, perhaps
  // much later.
  std::shared_ptr<Call> Begin(Step step, Handler handler);

  // The caller has hung up; the handler then gets CANCELLED, if it had no reply yet.
  void Cancel(std::shared_ptr<Call> call);

  // Answers every open call, and all that come later, with UNAVAILABLE. Call on the io_context's
  // thread.
  void Stop();

  // The strand.
  const Executor& executor() const { return strand_; }

  // Only on the strand, or while the io_context does not run.
  const FederationCore& core() const { return core_; }
  const Monitor& monitor() const { return monitor_; }
  const Clock& clock() const { return clock_; }

  // See FederationCore::Rejected.
  void Reject(RefusalReason reason, absl::Status status, std::optional<std::string> identity);

  // Calls `look` on the strand, soon.
  void Inspect(std::function<void(const FederationCore&, const Monitor&)> look);

  // `observer` sees every event, on the strand, before the calls it belongs to are answered. Only
  // before Start.
  void Observe(std::function<void(const Event&)> observer);

  // `observer` sees every report of the storage thread, on the strand. Only before Start.
  void ObserveCommits(std::function<void(const StorageThread::Report&)> observer);

  // Writes that wait for the store's next transaction. Thread-safe.
  size_t queued_writes() const { return storage_->queued_writes(); }

  // `changed` is called on the strand after one or more events, until the handle is destroyed (on
  // the strand, too).
  using Subscription = std::shared_ptr<void>;
  [[nodiscard]] Subscription Subscribe(std::function<void()> changed);

  // Only on the strand: what a call's messages were, and what a client says it is.
  void CountTraffic(uint64_t bytes_up, uint64_t bytes_down, uint64_t rounds_down = 0) {
    monitor_.CountTraffic(bytes_up, bytes_down, rounds_down);
  }
  void SetSoftware(uint32_t client, std::string software) {
    monitor_.SetSoftware(client, std::move(software));
  }

  // Ends as a signal does: `ended` is called with OK.
  void RequestStop();

 private:
  void Run(Effects effects);
  void Answer(CallId call, Content content);
  void NotifySubscribers();
  void ArmTimer();
  void OnDurable(const StorageThread::Report& report);
  void End(absl::Status status);

  Executor strand_;
  boost::asio::steady_timer timer_;
  const Clock& clock_;
  FederationCore core_;
  Monitor monitor_;
  const bool exit_when_done_;
  std::function<void(absl::Status)> ended_;
  bool stopping_ = false;
  absl::Duration rings_at_ = absl::InfiniteDuration();  // the timer; infinite: not set
  CallId next_call_ = 1;
  std::map<CallId, Handler> open_calls_;
  std::vector<std::function<void(const Event&)>> observers_;
  std::vector<std::function<void(const StorageThread::Report&)>> commit_observers_;
  std::vector<std::weak_ptr<std::function<void()>>> subscribers_;
  std::unique_ptr<StorageThread> storage_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RUNTIME_RUNTIME_H_

#ifndef SEEDFED_SERVER_RUNTIME_RUNTIME_H_
#define SEEDFED_SERVER_RUNTIME_RUNTIME_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <variant>

#include "common/base/clock.h"
#include "common/base/status.h"
#include "server/core/effects.h"
#include "server/core/federation_core.h"
#include "server/store/storage_thread.h"
#include "server/store/store.h"

namespace seedfed {

// Runs a FederationCore on a Boost.Asio strand: calls become events; effects become commits of the
// storage thread, answers, log lines and a timer. Thread-safe.
class Runtime {
 public:
  using Content = decltype(Reply::content);
  using Handler = std::function<void(Content)>;
  using Event = std::function<Effects(FederationCore&, CallId, absl::Duration now)>;

  // An open call, for cancelling it.
  class Call {
   private:
    friend class Runtime;
    std::optional<CallId> id_;
    bool cancelled_ = false;
  };

  // `store` and `clock` must outlive this. `ended` is called once, on the strand: with OK when
  // `exit_when_done` and all rounds are complete and the clients were told; with the store's error
  // when it failed.
  Runtime(boost::asio::io_context& io, FederationCore core, Store& store, const Clock& clock,
          bool exit_when_done, std::function<void(absl::Status)> ended);

  // Commits what is queued.
  ~Runtime();

  // Never changes; see FederationCore::codec.
  const UpdateCodec& codec() const { return core_.codec(); }

  // Begins the timers.
  void Start();

  // Applies `event` on the strand; `handler` gets the one reply, on the strand, perhaps much later.
  std::shared_ptr<Call> Begin(Event event, Handler handler);

  // The caller has hung up; the handler then gets CANCELLED, if it had no reply yet.
  void Cancel(std::shared_ptr<Call> call);

  // Answers every open call, and all that come later, with UNAVAILABLE. Call on the io_context's
  // thread.
  void Stop();

  // Only while the io_context does not run.
  const FederationCore& core() const { return core_; }

 private:
  void Run(Effects effects);
  void Answer(CallId call, Content content);
  void ArmTimer();
  void OnDurable(const StorageThread::Report& report);
  void End(absl::Status status);

  boost::asio::strand<boost::asio::io_context::executor_type> strand_;
  boost::asio::steady_timer timer_;
  const Clock& clock_;
  FederationCore core_;
  const bool exit_when_done_;
  std::function<void(absl::Status)> ended_;
  bool stopping_ = false;
  CallId next_call_ = 1;
  std::map<CallId, Handler> open_calls_;
  std::unique_ptr<StorageThread> storage_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RUNTIME_RUNTIME_H_

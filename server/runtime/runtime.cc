#include "server/runtime/runtime.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace seedfed {
namespace {

// How long a server that is to exit after the last round waits for clients that do not say that
// they know of it.
constexpr absl::Duration kEndGrace = absl::Seconds(30);

absl::Status StoppingError() { return absl::UnavailableError("the server is stopping"); }

}  // namespace

Runtime::Runtime(boost::asio::io_context& io, FederationCore core, Monitor monitor, Store& store,
                 const Clock& clock, bool exit_when_done, std::function<void(absl::Status)> ended)
    : strand_(io.get_executor()),
      timer_(strand_),
      clock_(clock),
      core_(std::move(core)),
      monitor_(std::move(monitor)),
      exit_when_done_(exit_when_done),
      ended_(std::move(ended)) {
  storage_ = std::make_unique<StorageThread>(store, clock, [this](StorageThread::Report report) {
    boost::asio::post(strand_, [this, report = std::move(report)] { OnDurable(report); });
  });
}

Runtime::~Runtime() = default;

void Runtime::Start() {
  boost::asio::post(strand_, [this] { ArmTimer(); });
}

std::shared_ptr<Runtime::Call> Runtime::Begin(Step step, Handler handler) {
  auto call = std::make_shared<Call>();
  boost::asio::post(strand_, [this, call, step = std::move(step),
                              handler = std::move(handler)]() mutable {
    if (call->cancelled_ || stopping_) {
      handler(call->cancelled_ ? absl::CancelledError("the caller has hung up") : StoppingError());
      return;
    }
    call->id_ = next_call_++;
    open_calls_.emplace(*call->id_, std::move(handler));
    Run(step(core_, *call->id_, clock_.Monotonic()));
  });
  return call;
}

void Runtime::Cancel(std::shared_ptr<Call> call) {
  boost::asio::post(strand_, [this, call = std::move(call)] {
    call->cancelled_ = true;
    if (!call->id_ || !open_calls_.contains(*call->id_)) return;
    Run(core_.Cancelled(*call->id_));
    Answer(*call->id_, absl::CancelledError("the caller has hung up"));
  });
}

void Runtime::Stop() {
  stopping_ = true;
  timer_.cancel();
  for (auto& [id, handler] : std::exchange(open_calls_, {})) {
    core_.Cancelled(id);
    handler(StoppingError());
  }
}

void Runtime::Run(Effects effects) {
  if (!effects.persist.empty()) storage_->Enqueue(effects.ticket, std::move(effects.persist));
  for (const Event& event : effects.events) {
    monitor_.Observe(event, clock_.Wall());
    for (const auto& observer : observers_) observer(event);
  }
  for (Reply& reply : effects.replies) Answer(reply.call, std::move(reply.content));
  if (!effects.events.empty()) NotifySubscribers();
  ArmTimer();
}

void Runtime::Reject(RefusalReason reason, absl::Status status,
                     std::optional<std::string> identity) {
  boost::asio::post(strand_,
                    [this, reason, status = std::move(status), identity = std::move(identity)] {
                      if (!stopping_) Run(core_.Rejected(reason, status, identity));
                    });
}

void Runtime::Inspect(std::function<void(const FederationCore&, const Monitor&)> look) {
  boost::asio::post(strand_, [this, look = std::move(look)] { look(core_, monitor_); });
}

void Runtime::Observe(std::function<void(const Event&)> observer) {
  observers_.push_back(std::move(observer));
}

void Runtime::ObserveCommits(std::function<void(const StorageThread::Report&)> observer) {
  commit_observers_.push_back(std::move(observer));
}

Runtime::Subscription Runtime::Subscribe(std::function<void()> changed) {
  auto subscriber = std::make_shared<std::function<void()>>(std::move(changed));
  subscribers_.push_back(subscriber);
  return subscriber;
}

void Runtime::NotifySubscribers() {
  std::erase_if(subscribers_, [](const auto& subscriber) { return subscriber.expired(); });
  // A subscriber may subscribe or unsubscribe meanwhile.
  for (const auto& subscriber : std::vector(subscribers_)) {
    if (const auto changed = subscriber.lock()) (*changed)();
  }
}

void Runtime::RequestStop() {
  boost::asio::post(strand_, [this] { End(absl::OkStatus()); });
}

void Runtime::Answer(CallId call, Content content) {
  const auto found = open_calls_.find(call);
  if (found == open_calls_.end()) return;
  const Handler handler = std::move(found->second);
  open_calls_.erase(found);
  handler(std::move(content));
}

void Runtime::ArmTimer() {
  if (stopping_) return;
  const absl::Duration now = clock_.Monotonic();
  if (exit_when_done_ && core_.state() == FederationState::kFinished) {
    if (core_.EveryoneKnowsTheEnd(kEndGrace, now)) return End(absl::OkStatus());
  }
  absl::Duration wake = core_.WakeTime();
  if (exit_when_done_) wake = std::min(wake, now + absl::Seconds(1));
  // One that rings too early costs less than moving it with every event.
  if (wake >= rings_at_) return;
  rings_at_ = wake;
  timer_.expires_after(absl::ToChronoNanoseconds(std::max(wake - now, absl::ZeroDuration())));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || stopping_) return;
    rings_at_ = absl::InfiniteDuration();
    Run(core_.Wake(clock_.Monotonic()));
  });
}

void Runtime::OnDurable(const StorageThread::Report& report) {
  for (const auto& observer : commit_observers_) observer(report);
  if (!report.status.ok()) return End(report.status);
  for (const uint64_t ticket : report.tickets) Run(core_.Durable(ticket, clock_.Monotonic()));
}

void Runtime::End(absl::Status status) {
  if (auto ended = std::exchange(ended_, nullptr)) ended(std::move(status));
}

}  // namespace seedfed

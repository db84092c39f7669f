#include "server/rpc/stall_watch.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace seedfed {

std::shared_ptr<StallWatch> StallWatch::Begin(const Runtime::Executor& executor,
                                              absl::Duration time, std::function<void()> stalled) {
  std::shared_ptr<StallWatch> watch(new StallWatch(executor, time, std::move(stalled)));
  boost::asio::post(executor, [watch] { watch->Arm(); });
  return watch;
}

void StallWatch::Progress() {
  absl::MutexLock lock(&mutex_);
  moved_ = true;
}

void StallWatch::End() {
  {
    absl::MutexLock lock(&mutex_);
    stalled_ = nullptr;
  }
  boost::asio::post(timer_.get_executor(), [self = shared_from_this()] { self->timer_.cancel(); });
}

void StallWatch::Arm() {
  timer_.expires_after(absl::ToChronoNanoseconds(time_));
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->Look();
  });
}

void StallWatch::Look() {
  {
    absl::MutexLock lock(&mutex_);
    if (!stalled_) return;
    if (!std::exchange(moved_, false)) {
      std::exchange(stalled_, nullptr)();
      return;
    }
  }
  Arm();
}

}  // namespace seedfed

#include "server/http/http_site.h"

#include <algorithm>
#include <utility>

namespace seedfed {

HttpSite::HttpSite(boost::asio::any_io_executor executor, Source& source, const Clock& clock,
                   std::optional<AdminCredential> credential, HttpLimits limits)
    : router_(source, std::move(credential)),
      feed_(source),
      source_(source),
      clock_(clock),
      limits_(limits),
      timer_(std::move(executor)) {}

void HttpSite::AddStream(EventStream& stream) {
  if (subscription_ == nullptr) {
    subscription_ = source_.Subscribe([site = weak_from_this()] {
      if (const auto self = site.lock()) self->Arm();
    });
  }
  feed_.Add(stream, clock_.Monotonic());
  Arm();
}

void HttpSite::StreamSent(EventStream& stream) {
  feed_.Sent(stream);
  Arm();
}

void HttpSite::RemoveStream(EventStream& stream) {
  feed_.Remove(stream);
  if (feed_.streams() == 0) subscription_.reset();
}

void HttpSite::Stop() {
  stopping_ = true;
  router_.Stop();
  subscription_.reset();
  feed_.End();
  timer_.cancel();
}

void HttpSite::CloseAll() {
  Stop();
  for (Closable* connection : std::exchange(connections_, {})) connection->Close();
}

void HttpSite::Arm() {
  const absl::Duration wake = feed_.WakeTime();
  if (wake >= armed_) return;
  armed_ = wake;
  const absl::Duration wait = std::max(wake - clock_.Monotonic(), absl::ZeroDuration());
  timer_.expires_after(absl::ToChronoNanoseconds(wait));
  timer_.async_wait([site = weak_from_this()](const boost::system::error_code& error) {
    const auto self = site.lock();
    if (error || self == nullptr || self->stopping_) return;
    self->armed_ = absl::InfiniteDuration();
    self->feed_.Advance(self->clock_.Monotonic());
    self->Arm();
  });
}

}  // namespace seedfed

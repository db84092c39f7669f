#include "server/http/event_feed.h"

#include <algorithm>
#include <utility>

namespace seedfed {

void EventFeed::Add(EventStream& stream, absl::Duration now) {
  if (streams_.empty()) next_heartbeat_ = now + kHeartbeat;
  streams_.insert(&stream);
  stream.version_ = source_.version();
  EventFrames::Frames frames = EventFrames(source_).Greeting();
  stream.position_ = frames.position;
  Send(stream, std::move(frames.text));
}

void EventFeed::Advance(absl::Duration now) {
  if (now >= next_send_ && SomeAreBehind()) {
    next_send_ = now + kInterval;
    CatchUp();
  }
  if (now >= next_heartbeat_) {
    next_heartbeat_ = now + kHeartbeat;
    static const auto kComment = std::make_shared<const std::string>(":\n\n");
    for (EventStream* stream : streams_) {
      if (!stream->sending_) Send(*stream, kComment);
    }
  }
}

absl::Duration EventFeed::WakeTime() const {
  if (streams_.empty()) return absl::InfiniteDuration();
  return SomeAreBehind() ? std::min(next_send_, next_heartbeat_) : next_heartbeat_;
}

void EventFeed::End() {
  if (SomeAreBehind()) CatchUp();
  for (EventStream* stream : std::exchange(streams_, {})) stream->End();
}

bool EventFeed::SomeAreBehind() const {
  return std::any_of(streams_.begin(), streams_.end(),
                     [this](const EventStream* stream) { return IsBehind(*stream); });
}

void EventFeed::CatchUp() {
  EventFrames frames(source_);
  for (EventStream* stream : streams_) {
    if (!IsBehind(*stream)) continue;
    EventFrames::Frames since = frames.Since(stream->position_);
    stream->version_ = source_.version();
    stream->position_ = since.position;
    Send(*stream, std::move(since.text));
  }
}

void EventFeed::Send(EventStream& stream, std::shared_ptr<const std::string> text) {
  stream.sending_ = true;
  stream.Send(std::move(text));
}

}  // namespace seedfed

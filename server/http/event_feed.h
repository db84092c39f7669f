#ifndef SEEDFED_SERVER_HTTP_EVENT_FEED_H_
#define SEEDFED_SERVER_HTTP_EVENT_FEED_H_

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "server/http/event_frames.h"
#include "server/http/source.h"

namespace seedfed {

// A connection that receives server-sent events.
class EventStream {
 public:
  virtual ~EventStream() = default;

 protected:
  // Begins to send; EventFeed::Sent follows when it is done.
  virtual void Send(std::shared_ptr<const std::string> text) = 0;
  // Ends the stream in good order, after the text that is being sent, if any.
  virtual void End() = 0;

 private:
  friend class EventFeed;
  bool sending_ = false;
  uint64_t version_ = 0;  // of the source, at the last text
  FeedPosition position_;
};

// Tells streams what changes, at most four times a second. A stream that still sends is passed
// over, and later gets everything since its last text at once, so nothing is queued for it. Not
// thread-safe; time is the caller's: Advance is to be called at WakeTime.
class EventFeed {
 public:
  static constexpr absl::Duration kInterval = absl::Milliseconds(250);
  // A comment tells the peer, and whatever is on the way, that the stream is alive.
  static constexpr absl::Duration kHeartbeat = absl::Seconds(15);

  // `source` must outlive this.
  explicit EventFeed(Source& source) : source_(source) {}

  // Sends the first text; `stream` must be removed before it goes away.
  void Add(EventStream& stream, absl::Duration now);
  void Remove(EventStream& stream) { streams_.erase(&stream); }
  void Sent(EventStream& stream) { stream.sending_ = false; }

  // Sends what is due.
  void Advance(absl::Duration now);

  // When something is due, as far as is known now; infinite when nothing is.
  absl::Duration WakeTime() const;

  // Sends what the streams lack, and ends them.
  void End();

  size_t streams() const { return streams_.size(); }

 private:
  bool IsBehind(const EventStream& stream) const {
    return !stream.sending_ && stream.version_ != source_.version();
  }
  bool SomeAreBehind() const;
  void CatchUp();
  void Send(EventStream& stream, std::shared_ptr<const std::string> text);

  Source& source_;
  std::set<EventStream*> streams_;
  absl::Duration next_send_ = -absl::InfiniteDuration();  // not before this
  absl::Duration next_heartbeat_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_EVENT_FEED_H_

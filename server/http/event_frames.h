#ifndef SEEDFED_SERVER_HTTP_EVENT_FRAMES_H_
#define SEEDFED_SERVER_HTTP_EVENT_FRAMES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "seedfed/v1/admin.pb.h"
#include "server/http/source.h"

namespace seedfed {

// What a stream has been sent.
struct FeedPosition {
  uint32_t round = 0;      // the last complete round
  uint32_t evaluated = 0;  // the highest evaluated round
  uint64_t event = 0;      // Event.id

  friend auto operator<=>(const FeedPosition&, const FeedPosition&) = default;
};

// Server-sent events of one moment, in their text form. Streams that are equally far get the same
// bytes, which are made once.
class EventFrames {
 public:
  // Rows of a `rounds` event, entries of a `log` event.
  static constexpr uint32_t kMostRows = 200;
  static constexpr size_t kMostEvents = 50;

  explicit EventFrames(Source& source);

  struct Frames {
    std::shared_ptr<const std::string> text;
    FeedPosition position;  // of a stream that has them
  };

  // For a new stream: how soon to connect again, and the status.
  Frames Greeting() const;

  // For a stream that is at `from`: the status, rounds and events since.
  Frames Since(const FeedPosition& from);

 private:
  Source& source_;
  v1::Status status_;
  FeedPosition now_;
  std::string status_frame_;
  std::map<FeedPosition, Frames> made_;
};

// {"events": [...]}
std::string EventsJson(const std::vector<v1::Event>& events);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_EVENT_FRAMES_H_

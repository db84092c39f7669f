#include "server/http/event_frames.h"

#include "absl/strings/str_cat.h"
#include "common/wire/json.h"

namespace seedfed {
namespace {

// Of more events than a `log` event holds, the newest of so many are sent.
constexpr size_t kMostSought = 1'000;
constexpr char kRetry[] = "retry: 1000\n\n";  // milliseconds

std::string Frame(const char* event, const std::string& json) {
  return absl::StrCat("event: ", event, "\ndata: ", json, "\n\n");
}

}  // namespace

std::string EventsJson(const std::vector<v1::Event>& events) {
  std::string json = "{\"events\":[";
  for (size_t i = 0; i < events.size(); ++i) {
    absl::StrAppend(&json, i == 0 ? "" : ",", ToJson(events[i]));
  }
  return json + "]}";
}

EventFrames::EventFrames(Source& source) : source_(source), status_(source.GetStatus()) {
  now_ = {.round = status_.round(),
          .evaluated = status_.latest().round(),
          .event = source.newest_event()};
  status_frame_ = Frame("status", ToJson(status_));
}

EventFrames::Frames EventFrames::Greeting() const {
  return {std::make_shared<const std::string>(kRetry + status_frame_), now_};
}

EventFrames::Frames EventFrames::Since(const FeedPosition& from) {
  const auto [entry, is_new] = made_.try_emplace(from);
  if (!is_new) return entry->second;
  std::string text = status_frame_;
  v1::Rounds rounds;
  if (now_.round > from.round) {
    rounds = source_.GetRounds(from.round + 1, now_.round, kMostRows);
  }
  // Evaluators report a round after it is complete, so their columns have a range of their own.
  rounds.clear_evaluated_round();
  rounds.clear_accuracy();
  rounds.clear_evaluation_loss();
  if (now_.evaluated > from.evaluated) {
    v1::Rounds evaluated = source_.GetRounds(from.evaluated + 1, now_.evaluated, kMostRows);
    rounds.mutable_evaluated_round()->Swap(evaluated.mutable_evaluated_round());
    rounds.mutable_accuracy()->Swap(evaluated.mutable_accuracy());
    rounds.mutable_evaluation_loss()->Swap(evaluated.mutable_evaluation_loss());
  }
  if (rounds.round_size() + rounds.evaluated_round_size() > 0) {
    text += Frame("rounds", ToJson(rounds));
  }
  if (now_.event > from.event) {
    std::vector<v1::Event> events = source_.GetEvents(from.event, kMostSought, false);
    if (events.size() > kMostEvents) events.erase(events.begin(), events.end() - kMostEvents);
    if (!events.empty()) text += Frame("log", EventsJson(events));
  }
  entry->second = {std::make_shared<const std::string>(std::move(text)), now_};
  return entry->second;
}

}  // namespace seedfed

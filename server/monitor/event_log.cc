#include "server/monitor/event_log.h"

#include <algorithm>

namespace seedfed {
namespace {

const char* LevelName(Event::Level level) {
  switch (level) {
    case Event::Level::kDebug:
      return "debug";
    case Event::Level::kInfo:
      return "info";
    case Event::Level::kWarning:
      return "warning";
  }
  return "";
}

}  // namespace

void EventLog::Add(const Event& event, absl::Time time) {
  const bool debug = event.level == Event::Level::kDebug;
  if (debug) ++debug_events_;
  Entries& entries = debug ? debug_ : notable_;
  entries.push_back({++last_, time, event});
  if (entries.size() > most_) entries.pop_front();
}

EventLog::Entries::const_iterator EventLog::Above(const Entries& entries, uint64_t after) {
  return std::upper_bound(entries.begin(), entries.end(), after,
                          [](uint64_t id, const Entry& entry) { return id < entry.id; });
}

uint64_t EventLog::LeftOut(uint64_t after, bool debug) const {
  const auto kept = [after](const Entries& entries) {
    return static_cast<uint64_t>(entries.end() - Above(entries, after));
  };
  if (debug) return last_ - kept(notable_) - kept(debug_);
  return last_ - debug_events_ - kept(notable_);
}

std::vector<v1::Event> EventLog::After(uint64_t after, size_t limit, bool debug) const {
  auto notable = Above(notable_, after);
  auto detail = debug ? Above(debug_, after) : debug_.end();
  std::vector<v1::Event> result;
  while (result.size() < limit) {
    const bool have_notable = notable != notable_.end(), have_detail = detail != debug_.end();
    if (!have_notable && !have_detail) break;
    const Entry& entry =
        !have_detail || (have_notable && notable->id < detail->id) ? *notable++ : *detail++;
    v1::Event& message = result.emplace_back();
    message.set_id(entry.id);
    message.set_time(absl::ToDoubleSeconds(entry.time - absl::UnixEpoch()));
    message.set_kind(std::string(EventKindName(entry.event.kind)));
    message.set_level(LevelName(entry.event.level));
    message.set_round(entry.event.round);
    if (entry.event.client) message.set_client(entry.event.client->id);
    message.set_text(entry.event.text);
    if (const auto* reason = std::get_if<RefusalReason>(&entry.event.details)) {
      message.set_reason(std::string(RefusalReasonName(*reason)));
    }
  }
  return result;
}

}  // namespace seedfed

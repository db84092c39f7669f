#ifndef SEEDFED_TESTS_SERVER_CORE_CORE_FIXTURE_H_
#define SEEDFED_TESTS_SERVER_CORE_CORE_FIXTURE_H_

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/core/federation_core.h"

namespace seedfed {

inline ModelSpec SmallSpec() {
  ModelSpec spec;
  spec.layers = *MlpLayers("20-12-3", std::array<uint32_t, 1>{8});
  return spec;
}

inline FederationId TestId() { return Blake2b128("federation"); }
inline FederationKey TestKey() { return *FederationKey::Parse("42"); }

// A core, the store it asks for, and the replies it gave. Commits are durable at once unless `hold`
// is set.
class CoreDriver {
 public:
  explicit CoreDriver(const RoundRules& rules, Recovered recovered = {},
                      std::optional<Model> model = std::nullopt)
      : core(*FederationCore::Create(
            rules, TestId(), TestKey(),
            model ? std::move(*model) : *Model::Create(SmallSpec(), TestKey()),
            std::move(recovered), absl::ZeroDuration())) {}

  CallId Join(const std::string& id, bool evaluator = false) {
    Take(core.Join(++call, id, evaluator, now));
    return call;
  }
  CallId Await(uint32_t number, uint32_t have) {
    Take(core.Await(++call, Caller(number), have, now));
    return call;
  }
  CallId KnowsTheEnd(uint32_t number) {
    Take(core.KnowsTheEnd(++call, Caller(number), now));
    return call;
  }
  CallId Submit(uint32_t number, uint32_t round, const std::string& words, uint32_t examples = 100,
                float loss = 0.5F) {
    FederationCore::Submission submission = {round, examples, loss,
                                             50,    words,    core.codec().Check(words, round)};
    Take(core.Submit(++call, Caller(number), std::move(submission), now));
    return call;
  }
  CallId Report(uint32_t number, uint32_t round, double accuracy, double loss = 0.5,
                uint32_t examples = 100) {
    Take(core.Report(++call, Caller(number), {round, 0, accuracy, loss, examples}, now));
    return call;
  }
  CallId Pause() {
    Take(core.Pause(++call, now));
    return call;
  }
  CallId Resume() {
    Take(core.Resume(++call, now));
    return call;
  }
  CallId Finish() {
    Take(core.Finish(++call, now));
    return call;
  }
  CallId Snapshot(uint32_t number) {
    Take(core.FetchSnapshot(++call, Caller(number), now));
    return call;
  }
  void Wait(absl::Duration time) {
    now += time;
    while (core.WakeTime() <= now) Take(core.Wake(now));
  }
  // The oldest commit kept back becomes durable.
  void MakeOneDurable() {
    const uint64_t ticket = held.front();
    held.erase(held.begin());
    Take(core.Durable(ticket, now));
  }
  void Flush() {
    while (!held.empty()) MakeOneDurable();
  }
  // `count` trainers named c0, c1, ... join.
  void JoinAll(uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) Join("c" + std::to_string(i));
  }

  // A client's words: valid, and different for each number, round and salt.
  std::string Words(uint32_t number, uint32_t round, uint32_t salt = 0) const {
    std::vector<int32_t> coordinates(core.codec().spec().coordinates());
    PhiloxStream stream({number, salt}, round, 0, 0);
    for (int32_t& c : coordinates) c = static_cast<int32_t>(stream.Below(1U << 28)) - (1 << 27);
    return core.codec().Encode(coordinates, round, {{number, round}, number});
  }

  bool Answered(CallId id) const { return replies.contains(id); }
  template <typename T>
  T Get(CallId id) const {
    if (!replies.contains(id)) {
      ADD_FAILURE() << "call " << id << " has no reply";
      return T();
    }
    if (const T* content = std::get_if<T>(&replies.at(id))) return *content;
    ADD_FAILURE() << "call " << id << " has another reply";
    return T();
  }

  FederationCore::Caller Caller(uint32_t number) const {
    return {absl::string_view(reinterpret_cast<const char*>(federation.data()), federation.size()),
            number};
  }

  void Take(Effects effects) {
    if (observe) observe(effects);
    for (const Write& write : effects.persist) store.push_back(write);
    for (Reply& reply : effects.replies) {
      EXPECT_FALSE(replies.contains(reply.call)) << "call " << reply.call << " answered twice";
      replies.emplace(reply.call, std::move(reply.content));
    }
    for (const Event& event : effects.events) {
      if (event.level != Event::Level::kDebug) log.push_back(event.text);
      events.push_back(event);
    }
    if (effects.persist.empty()) return;
    held.push_back(effects.ticket);
    if (!hold) Flush();
  }

  FederationId federation = TestId();
  absl::Duration now;
  CallId call = 0;
  bool hold = false;
  std::vector<uint64_t> held;
  std::vector<Write> store;
  std::map<CallId, decltype(Reply::content)> replies;
  std::vector<std::string> log;  // of level info or above
  std::vector<Event> events;
  std::function<void(const Effects&)> observe;  // sees all effects, each before those it leads to
  FederationCore core;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_CORE_CORE_FIXTURE_H_

#ifndef SEEDFED_TESTS_SERVER_HTTP_FAKE_SOURCE_H_
#define SEEDFED_TESTS_SERVER_HTTP_FAKE_SOURCE_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/http/source.h"

namespace seedfed {

// A federation of which a test says what happens. A round's loss is 1 / round, every round is
// accepted with two updates.
class FakeSource : public Source {
 public:
  void CompleteRounds(uint32_t count) {
    round_ += count;
    Changed();
  }
  void Evaluate(uint32_t round) {
    evaluated_.push_back(round);
    Changed();
  }
  void Log(const std::string& text, const std::string& level = "info") {
    v1::Event event;
    event.set_id(++last_event_);
    event.set_level(level);
    event.set_text(text);
    events_.push_back(event);
    Changed();
  }
  size_t subscribers() const { return subscribers_.size(); }
  int statuses_made() const { return statuses_; }

  v1::Status GetStatus() override {
    ++statuses_;
    v1::Status status;
    status.set_state("collecting");
    status.set_round(round_);
    if (!evaluated_.empty()) status.mutable_latest()->set_round(evaluated_.back());
    return status;
  }

  v1::ListClientsResponse GetClients(const v1::ListClientsRequest& request) override {
    last_request_ = request;
    v1::ListClientsResponse response;
    response.set_total(clients_);
    for (uint32_t i = 0; i < clients_; ++i) {
      response.add_clients()->set_id("client-" + std::to_string(i));
    }
    return response;
  }

  v1::Rounds GetRounds(uint32_t first, uint32_t last, uint32_t points) override {
    v1::Rounds rounds;
    last = last == 0 ? round_ : std::min(last, round_);
    first = std::max(first, 1U);
    points_ = points;
    if (first > last) return rounds;
    const uint32_t stride = points == 0 ? 1 : std::max(1U, (last - first + points) / points);
    rounds.set_stride(stride);
    for (uint32_t end = first + stride - 1; end < last + stride && first <= last; end += stride) {
      rounds.add_round(std::min(end, last));
      rounds.add_training_loss(1.0 / std::min(end, last));
      rounds.add_updates(2);
    }
    for (const uint32_t round : evaluated_) {
      if (round < first || round > last) continue;
      rounds.add_evaluated_round(round);
      rounds.add_accuracy(0.5);
      rounds.add_evaluation_loss(1);
    }
    return rounds;
  }

  std::vector<v1::Event> GetEvents(uint64_t after, size_t limit, bool debug) override {
    std::vector<v1::Event> out;
    for (const v1::Event& event : events_) {
      if (event.id() <= after || (event.level() == "debug" && !debug) || out.size() == limit)
        continue;
      out.push_back(event);
    }
    return out;
  }

  uint64_t newest_event() override { return last_event_; }
  uint64_t version() override { return version_; }

  std::shared_ptr<void> Subscribe(std::function<void()> changed) override {
    auto subscriber = std::make_shared<std::function<void()>>(std::move(changed));
    subscribers_.push_back(subscriber.get());
    return std::shared_ptr<void>(subscriber.get(), [this, subscriber](void*) {
      std::erase(subscribers_, subscriber.get());
    });
  }

  std::string GetMetrics() override { return "seedfed_round 3\n"; }

  uint32_t clients_ = 0;
  v1::ListClientsRequest last_request_;
  uint32_t points_ = 0;

 private:
  void Changed() {
    ++version_;
    for (auto* subscriber : std::vector(subscribers_)) (*subscriber)();
  }

  uint32_t round_ = 0;
  std::vector<uint32_t> evaluated_;
  std::vector<v1::Event> events_;
  uint64_t last_event_ = 0, version_ = 0;
  int statuses_ = 0;
  std::vector<std::function<void()>*> subscribers_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_HTTP_FAKE_SOURCE_H_

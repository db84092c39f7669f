// The server's round rules under any sequence of events: joins, polls, updates that are valid,
// damaged or sent again, reports, the operator's wishes, callers that hang up, commits that become
// durable late, crashes, and time. tests/sim/ledger.h keeps the promises; in the end every call
// must have its one answer.

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/check.h"
#include "common/model/snapshot.h"
#include "server/runtime/recovery.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/server/store/fake_store.h"
#include "tests/sim/ledger.h"

namespace seedfed {
namespace {

constexpr int kMostEvents = 300;
constexpr absl::Duration kPoll = absl::Seconds(1);

class ZeroRandom final : public RandomSource {
 public:
  void Fill(std::span<uint8_t> out) override { std::fill(out.begin(), out.end(), uint8_t{0}); }
};

// A federation's rules, drawn from the input.
ServerConfig MakeConfig(FuzzInput& input) {
  constexpr std::array kCodecs = {Codec::kSingle, Codec::kEnsemble, Codec::kDense};
  constexpr std::array kStrategies = {Strategy::kMean,      Strategy::kMean,
                                      Strategy::kMedian,    Strategy::kTrimmedMean,
                                      Strategy::kMultiKrum, Strategy::kNormBound};
  ServerConfig config;
  config.model.layers = *MlpLayers("4-3", std::array<uint32_t, 1>{4});
  config.model.codec = kCodecs[input.Below(kCodecs.size())];
  if (config.model.codec == Codec::kSingle && input.Below(2) == 1) config.model.mode = Mode::kPure;
  config.key = *FederationKey::Parse("7");
  config.rounds = input.Below(6);
  config.clients = 1 + input.Below(5);
  config.quorum = 1 + input.Below(config.clients);
  config.min_clients = 1 + input.Below(config.clients);
  config.deadline = absl::Seconds(2);
  config.poll = kPoll;
  config.example_cap = input.Below(2) == 0 ? 1000 : 1U << 20;
  config.snapshot_every = input.Below(3);
  config.training.participation = input.Below(4) == 0 ? 0.5 : 1;
  config.aggregation.strategy = kStrategies[input.Below(kStrategies.size())];
  config.aggregation.trim = 0.25;
  if (!ValidateAggregationRules(config.aggregation, config.quorum).ok()) config.aggregation = {};
  return config;
}

// Everything around one core: its store, its callers and its operator.
class Surroundings {
 public:
  explicit Surroundings(FuzzInput& input)
      : input_(input),
        config_(MakeConfig(input)),
        ledger_(config_.model, *config_.key, config_.example_cap, config_.aggregation) {
    Start();
  }

  void Run() {
    for (int i = 0; i < kMostEvents && !input_.empty(); ++i) Step();
    Settle();
  }

 private:
  struct Commit {
    uint64_t ticket;
    std::vector<Write> writes;
  };

  struct Call {
    std::optional<std::pair<uint32_t, uint32_t>> update;  // client and round of a Submit
    uint32_t have_round = 0;                              // of an Await
    std::optional<uint64_t> pause;                        // of a Pause: resumes asked for before it
  };

  [[noreturn]] void Fail(const std::string& sentence) const {
    std::fprintf(stderr, "broken promise: %s\n", sentence.c_str());
    std::abort();
  }

  void Start() {
    auto opened = OpenFederation(store_, config_, random_, now_);
    if (!opened.ok()) Fail(absl::StrCat("no restart: ", opened.status().message()));
    id_ = opened->record.id;
    core_.emplace(std::move(opened->core));
    ledger_.Restarted(core_->round());
    last_ticket_ = 0;
    monitor_.emplace(ServerFacts());
    if (!RestoreMonitor(store_, *opened, *monitor_).ok()) Fail("the monitor cannot be restored");
    Look();
  }

  void Step() {
    switch (input_.Below(16)) {
      case 0:
      case 1:
        return Join();
      case 2:
        return Await();
      case 3:
      case 4:
      case 5:
      case 6:
        return Submit();
      case 7:
        return Report();
      case 8:
        return Fetch();
      case 9:
        return Operate();
      case 10:
        return Cancel();
      case 11:
      case 12:
        return MakeDurable(1 + input_.Below(4));
      case 13:
        return Crash();
      case 14:
        return Pass(absl::Milliseconds(10) * input_.Byte());
      case 15:
        return Take(core_->Wake(now_));  // too early does no harm
    }
  }

  CallId NewCall() { return NewCall(Call()); }
  CallId NewCall(const Call& call) {
    calls_[++last_call_] = call;
    return last_call_;
  }

  // A member, mostly; or a number that nobody has.
  uint32_t Number() {
    const uint8_t byte = input_.Byte();
    return (byte & 15) + ((byte & 48) == 48 ? Members::kFirstEvaluator : 0);
  }

  FederationCore::Caller Caller(uint32_t number) {
    static constexpr char kOther[] = "another one's id";
    const bool other = input_.Below(32) == 31;
    return {other ? absl::string_view(kOther)
                  : absl::string_view(reinterpret_cast<const char*>(id_.data()), id_.size()),
            number};
  }

  // Around the open round.
  uint32_t Round() {
    constexpr std::array<uint32_t, 8> kOffsets = {1, 1, 1, 1, 1, 0, 2, UINT32_MAX};
    return core_->round() + kOffsets[input_.Below(kOffsets.size())];
  }

  void Join() {
    const uint8_t byte = input_.Byte();
    std::string id = absl::StrCat("c", byte & 15);
    bool evaluator = (byte & 15) >= 12;
    if ((byte & 0xF0) == 0xF0) evaluator = !evaluator;
    if ((byte & 0xF0) == 0xE0) id = std::string(input_.Take(input_.Below(80)));
    Take(core_->Join(NewCall(), id, evaluator, now_));
  }

  void Await() {
    const uint32_t number = Number();
    const uint32_t have = Round() - 1;
    // Perhaps of a federation that has not ended.
    if (input_.Below(8) == 7) {
      return Take(core_->KnowsTheEnd(NewCall(), Caller(number), now_));
    }
    Take(core_->Await(NewCall({.have_round = have}), Caller(number), have, now_));
  }

  std::string Words(uint32_t number, uint32_t round, uint32_t salt) const {
    std::vector<int32_t> coordinates(core_->codec().spec().coordinates());
    PhiloxStream stream({number, salt}, round, 0, 0);
    for (int32_t& c : coordinates) c = static_cast<int32_t>(stream.Below(1U << 31)) - (1 << 30);
    return core_->codec().Encode(coordinates, round, {{number, round}, number});
  }

  void Submit() {
    constexpr std::array<uint32_t, 6> kExamples = {100, 1, 999, 1U << 20, UINT32_MAX, 0};
    constexpr std::array<float, 4> kLosses = {0.5F, -1e30F, std::numeric_limits<float>::quiet_NaN(),
                                              std::numeric_limits<float>::infinity()};
    const uint32_t number = Number();
    const FederationCore::Caller caller = Caller(number);
    FederationCore::Submission submission;
    submission.round = Round();
    const uint8_t kind = input_.Byte();
    std::string words = Words(number, submission.round, kind & 1);
    submission.examples = (kind & 2) == 0 ? 100 : kExamples[input_.Below(kExamples.size())];
    if ((kind & 12) == 12) submission.loss = kLosses[input_.Below(kLosses.size())];
    if ((kind & 0x70) == 0x70) {
      switch (input_.Below(4)) {
        case 0:
          words.pop_back();
          break;
        case 1:
          words += '\0';
          break;
        case 2:
          words.clear();
          break;
        case 3:
          words[0] = static_cast<char>(input_.Byte());
          break;
      }
    }
    submission.words = std::move(words);
    submission.request_bytes = 50;
    submission.valid = core_->codec().Check(submission.words, submission.round);
    const CallId call = NewCall({.update = std::pair(number, submission.round)});
    Take(core_->Submit(call, caller, std::move(submission), now_));
  }

  void Report() {
    constexpr std::array<double, 6> kValues = {
        0.5, 0, 1, -1e-300, 1.01, std::numeric_limits<double>::quiet_NaN()};
    const uint32_t number = Number() | Members::kFirstEvaluator;
    const EvaluationRecord report = {.round = Round() - 1,
                                     .accuracy = kValues[input_.Below(kValues.size())],
                                     .loss = kValues[input_.Below(kValues.size())],
                                     .examples = input_.Below(3)};
    Take(core_->Report(NewCall(), Caller(number), report, now_));
  }

  void Fetch() {
    if (input_.Below(2) == 0) return Take(core_->ExportModel(NewCall()));
    const uint32_t number = Number();
    Take(core_->FetchSnapshot(NewCall(), Caller(number), now_));
  }

  void Operate() {
    switch (input_.Below(8)) {
      case 0:
      case 1:
      case 2:
        return Take(core_->Pause(NewCall({.pause = resumes_}), now_));
      case 7:
        return Take(core_->Finish(NewCall(), now_));
      default:
        ++resumes_;
        ledger_.Held(false);
        return Take(core_->Resume(NewCall(), now_));
    }
  }

  // One of those who wait hangs up: nobody may answer it any more.
  void Cancel() {
    if (calls_.empty()) return;
    auto call = calls_.lower_bound(last_call_ - std::min<CallId>(last_call_, input_.Below(8)));
    if (call == calls_.end()) call = calls_.begin();
    const CallId id = call->first;
    calls_.erase(call);
    Take(core_->Cancelled(id));
  }

  // The oldest `count` commits become durable together, then the core hears of each.
  void MakeDurable(size_t count) {
    std::vector<uint64_t> tickets = StoreOldest(count);
    for (const uint64_t ticket : tickets) Take(core_->Durable(ticket, now_));
  }

  std::vector<uint64_t> StoreOldest(size_t count) {
    std::vector<uint64_t> tickets;
    std::vector<Write> writes;
    for (; count > 0 && !queue_.empty(); --count) {
      tickets.push_back(queue_.front().ticket);
      for (Write& write : queue_.front().writes) writes.push_back(std::move(write));
      queue_.pop_front();
    }
    if (tickets.empty()) return tickets;
    if (const absl::Status stored = store_.Commit(writes); !stored.ok()) {
      Fail(absl::StrCat("the store refuses a commit: ", stored.message()));
    }
    ledger_.Durable(writes);
    return tickets;
  }

  // The disk may have been faster than the crash, so that nobody was told of the last commits.
  void Crash() {
    StoreOldest(input_.Below(3));
    queue_.clear();
    calls_.clear();
    Start();
  }

  void Pass(absl::Duration time) {
    now_ += time;
    for (int wakes = 0; core_->WakeTime() <= now_; ++wakes) {
      if (wakes == 100) Fail("the core wants to be woken without end");
      Take(core_->Wake(now_));
    }
  }

  // All commits become durable and all polls run out.
  void Settle() {
    for (int i = 0; i < 20 && (!queue_.empty() || !calls_.empty()); ++i) {
      MakeDurable(queue_.size());
      Pass(kPoll);
    }
    if (!queue_.empty()) Fail("the core wants to store without end");
    if (!calls_.empty()) Fail(absl::StrCat("call ", calls_.begin()->first, " has no answer"));
    const v1::Status status = monitor_->Status(*core_, now_, absl::UnixEpoch() + now_);
    if (status.round() != core_->round()) Fail("the monitor shows another round");
  }

  void Take(Effects effects) {
    if (!effects.persist.empty()) {
      if (effects.ticket <= last_ticket_) Fail("tickets do not ascend");
      last_ticket_ = effects.ticket;
      queue_.push_back({effects.ticket, std::move(effects.persist)});
    }
    for (const Reply& reply : effects.replies) Answer(reply);
    for (const Event& event : effects.events) {
      if (event.text.empty()) Fail("an event without a sentence");
      monitor_->Observe(event, absl::UnixEpoch() + now_);
    }
    Look();
  }

  void Answer(const Reply& reply) {
    const auto found = calls_.find(reply.call);
    if (found == calls_.end()) Fail(absl::StrCat("call ", reply.call, " is not open any more"));
    const Call call = found->second;
    calls_.erase(found);
    if (const auto* status = std::get_if<absl::Status>(&reply.content)) {
      if (status->ok() || status->message().empty()) Fail("a refusal without a sentence");
    } else if (const auto* submit = std::get_if<SubmitReply>(&reply.content)) {
      if (!submit->late) ledger_.Acknowledged(call.update->first, call.update->second);
      ledger_.Shown(submit->round);
    } else if (const auto* await = std::get_if<AwaitReply>(&reply.content)) {
      ledger_.Shown(await->round);
      CheckResults(*await, call.have_round);
    } else if (const auto* join = std::get_if<JoinReply>(&reply.content)) {
      ledger_.Shown(join->round);
    } else if (const auto* snapshot = std::get_if<SnapshotReply>(&reply.content)) {
      CheckSnapshot(*snapshot->bytes);
    } else if (const auto* done = std::get_if<DoneReply>(&reply.content)) {
      ledger_.Shown(done->round);
      if (call.pause == resumes_) ledger_.Held(true);
    }
  }

  void CheckResults(const AwaitReply& await, uint32_t have_round) const {
    uint32_t next = have_round + 1;
    for (const auto& result : await.results) {
      if (result->round != next++) Fail("an answer to Await leaves rounds out");
      if (*result != ledger_.rounds().at(result->round - 1)) {
        Fail(absl::StrCat("round ", result->round, " was shown other than it is stored"));
      }
    }
  }

  void CheckSnapshot(const std::string& bytes) {
    const auto snapshot = ReadSnapshot(bytes);
    if (!snapshot.ok()) Fail("a snapshot that cannot be read");
    ledger_.Shown(snapshot->round);
    if (snapshot->round > 0 &&
        ledger_.rounds().at(snapshot->round - 1).fingerprint != snapshot->fingerprint) {
      Fail(absl::StrCat("the snapshot of round ", snapshot->round, " has another fingerprint"));
    }
  }

  // What holds at any moment.
  void Look() const {
    if (!ledger_.violations().empty()) Fail(ledger_.violations().front());
    const uint32_t round = core_->round();
    if (round > ledger_.rounds().size()) Fail("a round counts as complete that is not durable");
    if (round > 0 && ledger_.rounds()[round - 1].fingerprint != core_->fingerprint()) {
      Fail("the fingerprint is not the last durable round's");
    }
    if (core_->progress(now_).updates > config_.clients) Fail("more updates than the goal");
    if (core_->WakeTime() < absl::ZeroDuration()) Fail("a wake before all time");
    core_->EveryoneKnowsTheEnd(absl::Seconds(10), now_);
  }

  FuzzInput& input_;
  const ServerConfig config_;
  ZeroRandom random_;
  FakeStore store_;
  Ledger ledger_;
  FederationId id_{};
  std::optional<FederationCore> core_;
  std::optional<Monitor> monitor_;
  absl::Duration now_;
  CallId last_call_ = 0;
  uint64_t last_ticket_ = 0;
  uint64_t resumes_ = 0;
  std::map<CallId, Call> calls_;  // not answered yet
  std::deque<Commit> queue_;      // not durable yet
};

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  seedfed::FuzzInput input(data, size);
  seedfed::Surroundings(input).Run();
  return 0;
}

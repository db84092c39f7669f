// The client's session under a server that answers whatever it likes: rounds that are right, left
// out, repeated or damaged, other federations, snapshots of any state, and errors of every code.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client/core/session.h"
#include "common/base/check.h"
#include "tests/common/model/example_models.h"
#include "tests/fuzz/checksum.h"
#include "tests/fuzz/fuzz_input.h"

namespace seedfed {
namespace {

constexpr int kMostSteps = 300;

class ZeroRandom final : public RandomSource {
 public:
  void Fill(std::span<uint8_t> out) override { std::fill(out.begin(), out.end(), uint8_t{0}); }
};

// Rounds of a federation as an honest server has them.
struct Past {
  static constexpr uint32_t kRounds = 6;

  explicit Past(const ModelSpec& spec) {
    Model model = *Model::Create(spec, ExampleKey());
    snapshots.push_back(model.SaveSnapshot());
    for (uint32_t i = 1; i <= kRounds; ++i) {
      std::string words = ExampleWords(model, i);
      SEEDFED_CHECK(model.Apply(i, words).ok());
      rounds.push_back({i, std::move(words), model.fingerprint(), model.BaseChecksum(),
                        RoundSummary{2, 10, 0.5, 1000, absl::Seconds(3)}});
      snapshots.push_back(model.SaveSnapshot());
    }
  }

  std::vector<RoundWords> rounds;
  std::vector<std::string> snapshots;  // from round 0
};

class Server {
 public:
  explicit Server(FuzzInput& input)
      : input_(input),
        role_(input.Below(2) == 0 ? ClientRole::kTrain : ClientRole::kEvaluate),
        session_(
            {role_, "server:7733", input.Below(2) == 0 ? absl::ZeroDuration() : absl::Minutes(2)},
            random_) {}

  void Run() {
    SessionStep step = session_.Start();
    for (int i = 0; i < kMostSteps; ++i) {
      for (const SessionNote& note : step.notes) SEEDFED_CHECK(!note.text.empty());
      if (std::holds_alternative<action::Finish>(step.action) || input_.empty()) return;
      now_ += absl::Milliseconds(input_.Byte());
      const bool stopped = input_.Below(128) == 127;
      step = session_.Handle(stopped ? event::Stop{} : std::visit(*this, step.action));
      if (stopped) SEEDFED_CHECK(std::holds_alternative<action::Finish>(step.action));
    }
  }

  SessionEvent operator()(const action::Join&) {
    if (Fails()) return Failure();
    Membership membership;
    membership.federation_id = std::string(16, input_.Below(16) == 15 ? 'g' : 'f');
    membership.key = ExampleKey();
    membership.client_number = input_.Below(4) + (role_ == ClientRole::kTrain ? 0 : 1U << 31);
    other_model_ = input_.Below(16) == 15;
    membership.model = Spec();
    membership.plan.learning_rate.assign(membership.model.layers.size(), 0.1);
    if (input_.Below(8) == 7) membership.plan.participation = 0.5;
    membership.round = SomeRound();
    membership.phase = SomePhase();
    membership.poll = absl::Seconds(1);
    return event::Joined{std::move(membership)};
  }

  SessionEvent operator()(const action::Prepare&) { return LocalFaultOr(event::Prepared{}); }

  SessionEvent operator()(const action::Await& await) {
    SEEDFED_CHECK(await.have_round == session_.model().round());
    if (Fails()) return Failure();
    AwaitAnswer answer;
    answer.round = SomeRound();
    answer.phase = SomePhase();
    answer.snapshot = input_.Below(8) == 7;
    const uint32_t first = input_.Below(4) == 3 ? input_.Below(Past::kRounds) : await.have_round;
    const uint32_t last = std::min(answer.round, Past::kRounds);
    for (uint32_t i = first; i < last; ++i) answer.rounds.push_back(MyPast().rounds[i]);
    if (!answer.rounds.empty() && input_.Below(4) == 3) {
      Damage(answer.rounds[input_.Below(static_cast<uint32_t>(answer.rounds.size()))]);
    }
    return event::Awaited{std::move(answer), now_};
  }

  SessionEvent operator()(const action::Train& train) {
    SEEDFED_CHECK(role_ == ClientRole::kTrain);
    SEEDFED_CHECK(train.round == session_.model().round() + 1);
    return LocalFaultOr(
        event::Trained{{train.round, ExampleWords(session_.model(), train.round), 5, 0.25F}});
  }

  SessionEvent operator()(const action::Submit&) {
    SEEDFED_CHECK(session_.update().round == session_.model().round() + 1);
    if (Fails()) return Failure();
    return event::Submitted{
        {input_.Below(2) == 0 ? SubmitOutcome::kAccepted : SubmitOutcome::kLate, SomeRound()}};
  }

  SessionEvent operator()(const action::FetchSnapshot&) {
    if (Fails()) return Failure();
    std::string bytes = MyPast().snapshots[input_.Below(Past::kRounds + 1)];
    switch (input_.Below(8)) {
      case 5:
        bytes[input_.Byte() % bytes.size()] = static_cast<char>(input_.Byte());
        break;
      case 6:
        bytes[input_.Byte() % bytes.size()] = static_cast<char>(input_.Byte());
        bytes = WithChecksum(bytes);
        break;
      case 7:
        bytes = std::string(input_.Take(input_.Byte()));
        break;
    }
    return event::SnapshotFetched{std::move(bytes)};
  }

  SessionEvent operator()(const action::Sleep& sleep) {
    SEEDFED_CHECK(sleep.duration >= absl::ZeroDuration() && sleep.duration <= absl::Hours(1));
    now_ += sleep.duration;
    return event::Woke{};
  }

  SessionEvent operator()(const action::Evaluate& evaluate) {
    SEEDFED_CHECK(role_ == ClientRole::kEvaluate);
    SEEDFED_CHECK(evaluate.round == session_.model().round());
    SEEDFED_CHECK(evaluate.fingerprint == session_.model().fingerprint());
    return LocalFaultOr(event::Evaluated{{evaluate.round, 0.75, 0.5, 40}});
  }

  SessionEvent operator()(const action::Report&) {
    SEEDFED_CHECK(session_.report().examples == 40);
    if (Fails()) return Failure();
    return event::Reported{};
  }

  SessionEvent operator()(const action::ConfirmEnd&) {
    if (Fails()) return Failure();
    return event::EndConfirmed{};
  }

  SessionEvent operator()(const action::Finish&) { std::abort(); }

 private:
  ModelSpec Spec() const { return other_model_ ? ExampleDense() : ExampleSingle(); }

  const Past& MyPast() const {
    static const Past past(ExampleSingle());
    static const Past other(ExampleDense());
    return other_model_ ? other : past;
  }

  bool Fails() { return input_.Below(8) == 7; }

  SessionEvent Failure() {
    // All codes but OK.
    const auto code = static_cast<absl::StatusCode>(1 + input_.Below(16));
    return event::CallFailed{absl::Status(code, "the server's reason"), now_};
  }

  SessionEvent LocalFaultOr(SessionEvent event) {
    if (input_.Below(64) != 63) return event;
    return event::LocalFault{2, absl::InvalidArgumentError("no such data")};
  }

  uint32_t SomeRound() {
    const uint8_t byte = input_.Byte();
    if (byte == 0xFF) return input_.Word();
    return byte % (Past::kRounds + 2);
  }

  FederationPhase SomePhase() {
    constexpr std::array kPhases = {FederationPhase::kCollecting, FederationPhase::kCollecting,
                                    FederationPhase::kPaused, FederationPhase::kFinished};
    return kPhases[input_.Below(kPhases.size())];
  }

  void Damage(RoundWords& round) {
    switch (input_.Below(6)) {
      case 0:
        round.round = input_.Word();
        break;
      case 1:
        round.words.resize(input_.Byte());
        break;
      case 2:
        round.words[input_.Byte() % round.words.size()] = static_cast<char>(input_.Byte());
        break;
      case 3:
        round.fingerprint[0] ^= 1;
        break;
      case 4:
        round.base_checksum[0] ^= 1;
        break;
      case 5:
        round.summary = RoundSummary{UINT32_MAX, UINT64_MAX, std::numeric_limits<double>::max(),
                                     UINT64_MAX, absl::InfiniteDuration()};
        break;
    }
  }

  FuzzInput& input_;
  const ClientRole role_;
  ZeroRandom random_;
  Session session_;
  absl::Duration now_;
  bool other_model_ = false;
};

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  seedfed::FuzzInput input(data, size);
  seedfed::Server(input).Run();
  return 0;
}

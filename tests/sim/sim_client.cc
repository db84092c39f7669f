#include "tests/sim/sim_client.h"

#include <utility>
#include <variant>
#include <vector>

namespace seedfed {
namespace {

constexpr absl::Duration kCallTimeout = absl::Seconds(3);

FederationPhase Phase(FederationState state) {
  switch (state) {
    case FederationState::kPaused:
      return FederationPhase::kPaused;
    case FederationState::kFinished:
      return FederationPhase::kFinished;
    default:
      return FederationPhase::kCollecting;
  }
}

}  // namespace

SimClient::SimClient(World& world, const Faults& faults, const ModelSpec& spec,
                     const FederationKey& key, std::string id, SimServer& server, Training training,
                     double participation)
    : world_(world),
      faults_(faults),
      spec_(spec),
      key_(key),
      id_(std::move(id)),
      server_(server),
      training_(std::move(training)),
      participation_(participation) {}

void SimClient::Start() {
  session_ = std::make_unique<Session>(
      SessionOptions{ClientRole::kTrain, "simulated:1", absl::ZeroDuration()}, world_);
  ++life_;
  Do(session_->Start());
}

void SimClient::Crash() {
  session_.reset();
  ++life_;
}

void SimClient::Later(absl::Duration delay, std::function<void()> what) {
  world_.After(delay, [this, life = life_, what = std::move(what)] {
    if (life == life_) what();
  });
}

void SimClient::Handle(SessionEvent event) { Do(session_->Handle(std::move(event))); }

RoundUpdate SimClient::MakeUpdate(const Session& session, uint32_t round) {
  const FederationKey& key = session.membership().key;
  const uint32_t number = session.membership().client_number;
  const UpdateCodec& codec = session.model().codec();
  std::vector<int32_t> coordinates(codec.spec().coordinates());
  PhiloxStream stream(key.SubKey(Purpose::kSampling), number, round, 0);
  for (int32_t& c : coordinates) c = static_cast<int32_t>(stream.Below(1U << 28)) - (1 << 27);
  return {round, codec.Encode(coordinates, round, {key.SubKey(Purpose::kDitherUp), number}),
          10 + number, 0.5F};
}

void SimClient::Do(SessionStep step) {
  if (!step.notes.empty()) last_note_ = step.notes.back().text;
  if (const auto* finish = std::get_if<action::Finish>(&step.action)) {
    exit_status_ = finish->exit_status;
    return;
  }
  if (std::holds_alternative<action::Prepare>(step.action)) {
    Later(absl::ZeroDuration(), [this] { Handle(event::Prepared{}); });
  } else if (const auto* train = std::get_if<action::Train>(&step.action)) {
    if (world_.now() < faults_.quiet_after && world_.Chance(faults_.drop_out)) {
      Crash();
      world_.After(world_.Between(absl::Seconds(1), absl::Seconds(5)), [this] { Start(); });
      return;
    }
    Later(world_.Between(absl::Milliseconds(10), absl::Milliseconds(200)),
          [this, round = train->round] { Handle(event::Trained{training_(*session_, round)}); });
  } else if (const auto* sleep = std::get_if<action::Sleep>(&step.action)) {
    Later(sleep->duration, [this] { Handle(event::Woke{}); });
  } else {
    Send(step.action);
  }
}

SimServer::Event SimClient::Request(const SessionAction& action) {
  if (std::holds_alternative<action::Join>(action)) {
    return [id = id_](FederationCore& core, CallId call, absl::Duration now) {
      return core.Join(call, id, false, now);
    };
  }
  const Membership& membership = session_->membership();
  const std::string federation = membership.federation_id;
  const uint32_t number = membership.client_number;
  if (const auto* await = std::get_if<action::Await>(&action)) {
    return [=, have = await->have_round](FederationCore& core, CallId call, absl::Duration now) {
      return core.Await(call, {federation, number}, have, now);
    };
  }
  if (std::holds_alternative<action::ConfirmEnd>(action)) {
    return [=](FederationCore& core, CallId call, absl::Duration now) {
      return core.KnowsTheEnd(call, {federation, number}, now);
    };
  }
  if (std::holds_alternative<action::FetchSnapshot>(action)) {
    return [=](FederationCore& core, CallId call, absl::Duration now) {
      return core.FetchSnapshot(call, {federation, number}, now);
    };
  }
  const RoundUpdate update = session_->update();
  return [=](FederationCore& core, CallId call, absl::Duration now) {
    return core.Submit(
        call, {federation, number},
        {update.round, update.examples, update.loss, static_cast<uint32_t>(update.words.size()),
         update.words, core.codec().Check(update.words, update.round)},
        now);
  };
}

void SimClient::Send(const SessionAction& action) {
  leaving_ = std::holds_alternative<action::ConfirmEnd>(action);
  const uint64_t call = ++call_;
  Later(kCallTimeout, [this, call] {
    if (call != call_) return;
    ++call_;
    Handle(event::CallFailed{absl::DeadlineExceededError("no answer"), world_.now()});
  });
  const bool disturbed = world_.now() < faults_.quiet_after;
  const auto lost = [this, disturbed] {
    return partitioned_ || (disturbed && world_.Chance(faults_.drop));
  };
  std::optional<std::pair<uint32_t, uint32_t>> submit;
  if (std::holds_alternative<action::Submit>(action)) {
    submit = {session_->membership().client_number, session_->update().round};
  }
  const int copies = disturbed && world_.Chance(faults_.duplicate) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    if (lost()) continue;
    // A request on its way arrives even when its client crashes meanwhile.
    world_.After(world_.Between(absl::ZeroDuration(), faults_.delay),
                 [this, life = life_, call, submit, lost, request = Request(action)] {
                   server_.next_submit = submit;
                   server_.Call(request, [this, life, call, lost](Content content) {
                     if (lost()) return;
                     world_.After(world_.Between(absl::ZeroDuration(), faults_.delay),
                                  [this, life, call, content = std::move(content)] {
                                    if (life != life_ || call != call_) return;
                                    ++call_;
                                    Receive(content);
                                  });
                   });
                 });
  }
}

void SimClient::Receive(Content content) {
  if (const auto* status = std::get_if<absl::Status>(&content)) {
    Handle(event::CallFailed{*status, world_.now()});
  } else if (leaving_) {
    Handle(event::EndConfirmed{});
  } else if (const auto* join = std::get_if<JoinReply>(&content)) {
    Membership membership;
    membership.federation_id = ToBytes(SimServer::Id());
    membership.key = key_;
    membership.client_number = join->client_number;
    membership.model = spec_;
    membership.plan.learning_rate.assign(spec_.layers.size(), 0.1);
    membership.plan.participation = participation_;
    membership.round = join->round;
    membership.phase = Phase(join->state);
    Handle(event::Joined{std::move(membership)});
  } else if (const auto* await = std::get_if<AwaitReply>(&content)) {
    AwaitAnswer answer = {await->round, Phase(await->state), {}, await->snapshot};
    for (const auto& round : await->results) {
      answer.rounds.push_back(
          {round->round, round->words, round->fingerprint, round->base_checksum, std::nullopt});
    }
    Handle(event::Awaited{std::move(answer), world_.now()});
  } else if (const auto* submit = std::get_if<SubmitReply>(&content)) {
    Handle(event::Submitted{
        {submit->late ? SubmitOutcome::kLate : SubmitOutcome::kAccepted, submit->round}});
  } else {
    Handle(event::SnapshotFetched{*std::get<SnapshotReply>(content).bytes});
  }
}

}  // namespace seedfed

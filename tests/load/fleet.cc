#include "tests/load/fleet.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/status.h"
#include "common/wire/convert.h"

namespace seedfed {
namespace {

// From the last AwaitRound that was sent until the server has surely taken all of them.
constexpr absl::Duration kSettle = absl::Milliseconds(500);

// Ensemble words, of 16 bytes, as training makes them: random but for their scales, a few dozen.
std::string RandomWords(size_t size) {
  std::mt19937 random(1);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  for (size_t scale = 0; scale < size; scale += 16)
    bytes[scale] = static_cast<char>(24 + random() % 32);
  return bytes;
}

}  // namespace

// The tag of a call in the completion queue. Deleted when its answer has been handled.
class Fleet::Call {
 public:
  virtual ~Call() = default;
  virtual absl::Status Done() = 0;
};

template <typename Response>
class Fleet::UnaryCall final : public Fleet::Call {
 public:
  explicit UnaryCall(std::function<void(const Response&)> then) : then_(std::move(then)) {}

  template <typename Start>
  void Begin(const Start& start, grpc::CompletionQueue* queue) {
    reader_ = start(&context_, queue);
    reader_->Finish(&response_, &status_, this);
  }

  absl::Status Done() override {
    if (!status_.ok()) {
      return absl::UnavailableError(absl::StrCat("a call failed: ", status_.error_message()));
    }
    then_(response_);
    return absl::OkStatus();
  }

 private:
  const std::function<void(const Response&)> then_;
  grpc::ClientContext context_;
  Response response_;
  grpc::Status status_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader_;
};

Fleet::Fleet(const FleetOptions& options) : options_(options) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  connections_.resize(options.connections);
  for (Connection& connection : connections_) {
    connection.stub = v1::Federation::NewStub(
        grpc::CreateCustomChannel(options.server, grpc::InsecureChannelCredentials(), arguments));
  }
  members_.resize(options.members);
  for (size_t i = 0; i < members_.size(); ++i) {
    members_[i].connection = &connections_[i % connections_.size()];
  }
  constexpr uint32_t kExamples = 100;
  update_.set_examples(kExamples);
  update_.set_loss(1);
  update_.set_words(RandomWords(options.words_bytes));
}

Fleet::~Fleet() = default;

absl::Status Fleet::Until(const std::function<bool()>& done) {
  while (status_.ok() && !done()) {
    void* tag = nullptr;
    bool ok = false;
    if (!queue_.Next(&tag, &ok)) return absl::InternalError("the completion queue has ended");
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    status_.Update(call->Done());
  }
  return status_;
}

template <typename Response, typename Start>
void Fleet::Send(const Start& start, std::function<void(const Response&)> then) {
  auto* call = new UnaryCall<Response>(std::move(then));
  call->Begin(start, &queue_);
}

absl::Status Fleet::Join() {
  for (uint32_t i = 0; i < std::min(options_.in_flight, options_.members); ++i) Join(i);
  SEEDFED_RETURN_IF_ERROR(Until([this] { return joined_ == members_.size(); }));
  for (size_t i = 0; i < members_.size(); ++i) resting_.push_back(i);
  return absl::OkStatus();
}

void Fleet::Join(size_t index) {
  v1::JoinRequest request;
  request.set_client_id(absl::StrCat("member-", index));
  request.set_role(v1::ROLE_TRAIN);
  request.set_protocol(kProtocolVersion);
  request.set_software("seedfed_fleet");
  Send<v1::JoinResponse>(
      [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        return members_[index].connection->stub->AsyncJoin(context, request, queue);
      },
      [this, index](const v1::JoinResponse& response) {
        members_[index].number = response.client_number();
        members_[index].round = response.round();
        update_.set_federation_id(response.federation_id());
        ++joined_;
        const size_t next = index + options_.in_flight;
        if (next < members_.size()) Join(next);
      });
}

absl::Status Fleet::Hold() {
  for (size_t i = 0; i < members_.size(); ++i) Await(i);
  // Sends what is queued.
  const absl::Time end = absl::Now() + kSettle;
  while (absl::Now() < end) {
    void* tag = nullptr;
    bool ok = false;
    const auto next = queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(end));
    if (next == grpc::CompletionQueue::GOT_EVENT) {
      return absl::InternalError("the server has answered an AwaitRound before the round's end");
    }
  }
  return absl::OkStatus();
}

absl::Status Fleet::Run(uint32_t rounds) {
  goal_round_ = members_[0].round + rounds;
  ready_.insert(ready_.end(), resting_.begin(), resting_.end());
  resting_.clear();
  SubmitNext();
  return Until([this] { return resting_.size() == members_.size(); });
}

void Fleet::SubmitNext() {
  while (open_submits_ < options_.in_flight && !ready_.empty()) {
    const size_t index = ready_.front();
    ready_.pop_front();
    Submit(index);
  }
}

void Fleet::Submit(size_t index) {
  const Member& member = members_[index];
  ++open_submits_;
  update_.set_client_number(member.number);
  update_.set_round(member.round + 1);
  Send<v1::SubmitUpdateResponse>(
      [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        return member.connection->stub->AsyncSubmitUpdate(context, update_, queue);
      },
      [this, index](const v1::SubmitUpdateResponse& response) {
        --open_submits_;
        if (response.outcome() != v1::SubmitUpdateResponse::OUTCOME_ACCEPTED) {
          status_.Update(absl::FailedPreconditionError(
              "an update was late: the server's rounds close with fewer updates than the fleet has "
              "members"));
          return;
        }
        if (options_.everyone_waits) {
          Await(index);
        } else if (++accepted_ == members_.size()) {
          accepted_ = 0;
          Await(0);
        }
        SubmitNext();
      });
}

void Fleet::Await(size_t index) {
  Member& member = members_[index];
  if (std::exchange(member.waiting, true)) return;
  v1::AwaitRoundRequest request;
  request.set_federation_id(update_.federation_id());
  request.set_client_number(member.number);
  request.set_have_round(member.round);
  Send<v1::AwaitRoundResponse>(
      [&](grpc::ClientContext* context, grpc::CompletionQueue* queue) {
        return member.connection->stub->AsyncAwaitRound(context, request, queue);
      },
      [this, index](const v1::AwaitRoundResponse& response) {
        Member& waited = members_[index];
        waited.waiting = false;
        if (response.round() == waited.round) return Await(index);
        if (options_.everyone_waits) {
          Reached(index, response.round());
        } else {
          for (size_t i = 0; i < members_.size(); ++i) Reached(i, response.round());
        }
        SubmitNext();
      });
}

void Fleet::Reached(size_t index, uint32_t round) {
  members_[index].round = round;
  if (round < goal_round_) {
    ready_.push_back(index);
  } else {
    resting_.push_back(index);
  }
}

}  // namespace seedfed

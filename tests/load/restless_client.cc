#include "tests/load/restless_client.h"

#include <grpcpp/grpcpp.h>

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status.h"
#include "tests/load/synthetic_update.h"

namespace seedfed {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kPatience{30'000};  // for a call that is not given up
constexpr int kLongestPause = 20;          // milliseconds before an update
constexpr int kLongestHaste = 100;         // milliseconds until a call is given up

}  // namespace

RestlessClient::RestlessClient(std::string server, uint32_t number, bool restless,
                               std::atomic<uint64_t>& answers)
    : server_(std::move(server)),
      number_(number),
      restless_(restless),
      answers_(answers),
      random_(number) {}

bool RestlessClient::Chance(double probability) {
  return restless_ && std::bernoulli_distribution(probability)(random_);
}

milliseconds RestlessClient::UpTo(int longest) {
  return milliseconds(std::uniform_int_distribution(0, longest)(random_));
}

template <typename Request, typename Response>
absl::StatusOr<bool> RestlessClient::Call(
    grpc::Status (v1::Federation::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    const Request& request, Response& response) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       (Chance(0.2) ? UpTo(kLongestHaste) : kPatience));
  const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
  if (status.ok()) {
    ++answers_;
    return true;
  }
  ++interruptions_;
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::UNAVAILABLE:
      return false;
    default:
      return absl::InternalError(absl::StrCat("client ", number_, "'s call was refused: code ",
                                              status.error_code(), ", ", status.error_message()));
  }
}

absl::StatusOr<bool> RestlessClient::Visit() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  stub_ = v1::Federation::NewStub(
      grpc::CreateCustomChannel(server_, grpc::InsecureChannelCredentials(), arguments));
  v1::JoinResponse joined;
  SEEDFED_ASSIGN_OR_RETURN(
      const bool member,
      Call(&v1::Federation::Stub::Join, TrainerJoin(absl::StrCat("restless-", number_)), joined));
  if (!member) return false;
  while (!Chance(0.1)) {
    std::this_thread::sleep_for(UpTo(kLongestPause));
    if (have_ < joined.rounds()) {
      SEEDFED_ASSIGN_OR_RETURN(const v1::SubmitUpdateRequest update,
                               SyntheticUpdate(joined, number_, have_ + 1));
      v1::SubmitUpdateResponse submitted;
      SEEDFED_ASSIGN_OR_RETURN(const bool answered,
                               Call(&v1::Federation::Stub::SubmitUpdate, update, submitted));
      if (!answered) return false;
      if (Chance(0.2)) continue;  // and the same again
    }
    v1::AwaitRoundRequest await;
    await.set_federation_id(joined.federation_id());
    await.set_client_number(joined.client_number());
    await.set_have_round(have_);
    v1::AwaitRoundResponse awaited;
    SEEDFED_ASSIGN_OR_RETURN(const bool answered,
                             Call(&v1::Federation::Stub::AwaitRound, await, awaited));
    if (!answered) return false;
    for (const v1::RoundResult& result : awaited.results()) {
      have_ = result.round();
      fingerprint_ = result.fingerprint();
    }
    if (awaited.state() == v1::FEDERATION_STATE_FINISHED && have_ == joined.rounds()) return true;
  }
  return false;
}

absl::StatusOr<std::string> RestlessClient::Run(std::chrono::seconds time) {
  const auto end = SteadyClock::now() + time;
  while (SteadyClock::now() < end) {
    SEEDFED_ASSIGN_OR_RETURN(const bool finished, Visit());
    if (finished) return fingerprint_;
  }
  return absl::DeadlineExceededError(absl::StrCat("client ", number_, " has round ", have_,
                                                  " after ", time.count(),
                                                  " seconds; expected the last"));
}

}  // namespace seedfed

#include "server/rpc/round_export_call.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/round_result.h"

namespace seedfed {
namespace {

constexpr size_t kReadBytes = size_t{1} << 20;  // of words

}  // namespace

RoundExportCall::RoundExportCall(Runtime& runtime, Store& store, boost::asio::thread_pool& readers,
                                 const v1::ExportRoundsRequest& request)
    : store_(store), readers_(readers), asked_(request) {
  runtime.Inspect([this](const FederationCore& core, const Monitor&) { Choose(core.round()); });
}

void RoundExportCall::Choose(uint32_t complete) {
  next_ = std::max(asked_.first(), 1U);
  last_ = asked_.last() == 0 ? complete : asked_.last();
  const uint32_t highest = std::max(asked_.first(), asked_.last());
  if (highest > complete) {
    Finish(ToGrpc(absl::InvalidArgumentError(absl::StrCat(
        "round ", highest, " is not complete; the last complete round is ", complete))));
  } else if (asked_.first() > last_) {
    Finish(ToGrpc(absl::InvalidArgumentError(
        absl::StrCat("the first round is ", asked_.first(), ", the last is ", last_,
                     "; expected the first to be at most the last"))));
  } else {
    Continue();
  }
}

void RoundExportCall::Continue() {
  if (next_ > last_) {
    Finish(grpc::Status::OK);
  } else {
    boost::asio::post(readers_, [this] { Read(); });
  }
}

void RoundExportCall::Read() {
  absl::StatusOr<std::vector<RoundRecord>> rounds = store_.Rounds(next_, last_, kReadBytes);
  if (!rounds.ok() || rounds->empty()) {
    Finish(ToGrpc(rounds.ok() ? absl::DataLossError(absl::StrCat("the store has no round ", next_))
                              : rounds.status()));
    return;
  }
  rounds_ = *std::move(rounds);
  written_ = 0;
  next_ = rounds_.back().round + 1;
  WriteNext();
}

void RoundExportCall::WriteNext() {
  message_ = ToProto(rounds_[written_++], /*with_stats=*/true);
  StartWrite(&message_);
}

void RoundExportCall::OnWriteDone(bool ok) {
  if (!ok) {
    Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the caller has hung up"));
  } else if (written_ < rounds_.size()) {
    WriteNext();
  } else {
    Continue();
  }
}

}  // namespace seedfed

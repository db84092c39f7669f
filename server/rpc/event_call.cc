#include "server/rpc/event_call.h"

#include <boost/asio/post.hpp>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/rpc/grpc_status.h"

namespace seedfed {
namespace {

constexpr size_t kFetch = 64;  // events

v1::Event Gap(const v1::Event& next, uint64_t missed) {
  v1::Event gap;
  gap.set_id(next.id() - 1);
  gap.set_time(next.time());
  gap.set_kind("gap");
  gap.set_level("warning");
  gap.set_text(absl::StrCat(missed, missed == 1 ? " event is" : " events are",
                            " missing here: they were dropped before they could be sent"));
  return gap;
}

}  // namespace

EventCall::EventCall(Runtime& runtime, const v1::WatchEventsRequest& request)
    : runtime_(runtime),
      follow_(request.follow()),
      debug_(request.debug()),
      after_(request.after()) {}

EventCall* EventCall::Begin(Runtime& runtime, const v1::WatchEventsRequest& request) {
  const std::shared_ptr<EventCall> call(new EventCall(runtime, request));
  call->self_ = call;
  // A follower is told at once that it is served, however long nothing happens.
  call->StartSendInitialMetadata();
  auto open = runtime.Begin(
      [call](FederationCore&, CallId, absl::Duration) {
        call->Start();
        return Effects();
      },
      [call](const Runtime::Content& content) {
        call->End(ToGrpc(std::get<absl::Status>(content)));
      });
  call->call_ = std::move(open);
  return call.get();
}

void EventCall::Start() {
  const Monitor& monitor = runtime_.monitor();
  // Numbers from before a restart: this server has none of those.
  if (after_ > monitor.last_event()) after_ = 0;
  left_out_ = monitor.EventsLeftOut(after_, debug_);
  if (follow_) subscription_ = runtime_.Subscribe([this] { SendNext(); });
  SendNext();
}

void EventCall::Fetch() {
  const Monitor& monitor = runtime_.monitor();
  std::vector<v1::Event> events = monitor.Events(after_, kFetch, debug_);
  if (events.empty()) return;
  const uint64_t left_out = monitor.EventsLeftOut(after_, debug_);
  if (left_out > left_out_) fetched_.push_back(Gap(events.front(), left_out - left_out_));
  left_out_ = left_out + events.size();
  after_ = events.back().id();
  for (v1::Event& event : events) fetched_.push_back(std::move(event));
}

void EventCall::SendNext() {
  if (writing_ || ended_) return;
  if (fetched_.empty()) Fetch();
  if (fetched_.empty()) {
    if (!follow_) End(grpc::Status::OK);
    return;
  }
  message_ = std::move(fetched_.front());
  fetched_.pop_front();
  writing_ = true;
  StartWrite(&message_);
}

void EventCall::End(const grpc::Status& status) {
  if (std::exchange(ended_, true)) return;
  subscription_.reset();
  Finish(status);
}

void EventCall::OnWriteDone(bool ok) {
  boost::asio::post(runtime_.executor(), [this, ok] {
    writing_ = false;
    if (ok) {
      SendNext();
    } else {
      End({grpc::StatusCode::CANCELLED, "the caller has hung up"});
    }
  });
}

void EventCall::OnCancel() { runtime_.Cancel(call_); }

void EventCall::OnDone() {
  // What was posted before may still use this. The runtime's call is open when the events came to
  // their end by themselves.
  runtime_.Cancel(call_);
  boost::asio::post(runtime_.executor(),
                    [self = std::move(self_)] { self->subscription_.reset(); });
}

}  // namespace seedfed

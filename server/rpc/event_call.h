#ifndef SEEDFED_SERVER_RPC_EVENT_CALL_H_
#define SEEDFED_SERVER_RPC_EVENT_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <deque>
#include <memory>

#include "seedfed/v1/admin.pb.h"
#include "server/runtime/runtime.h"

namespace seedfed {

// Sends events, one message each, at the pace of the reader. No thread waits, and no more than a
// few events are copied for it: they stay in the monitor, which keeps the newest. A reader that is
// so slow that some were dropped there gets one of kind "gap" in their place, which says how many.
// Owns itself.
class EventCall final : public grpc::ServerWriteReactor<v1::Event> {
 public:
  // Give the result to gRPC.
  static EventCall* Begin(Runtime& runtime, const v1::WatchEventsRequest& request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  EventCall(Runtime& runtime, const v1::WatchEventsRequest& request);

  // On the strand, all of these.
  void Start();
  void SendNext();
  void Fetch();
  void End(const grpc::Status& status);

  Runtime& runtime_;
  const bool follow_;
  const bool debug_;
  std::shared_ptr<EventCall> self_;
  std::shared_ptr<Runtime::Call> call_;  // open until there is an end to tell

  // Used on the strand.
  Runtime::Subscription subscription_;
  uint64_t after_;     // the newest event that was fetched
  uint64_t left_out_;  // Monitor::EventsLeftOut, had nothing been dropped since
  std::deque<v1::Event> fetched_;
  v1::Event message_;  // gRPC's while writing_
  bool writing_ = false;
  bool ended_ = false;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_RPC_EVENT_CALL_H_

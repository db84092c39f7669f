// Shows the thread sanitizer what the counts of a gRPC callback order. A call's reactor is deleted
// when the last of several threads has let go of the call; some of them do so in gRPC's headers,
// which are in our programs and seen by the sanitizer, others in Debian's library, which is not.
// Stands before the library as abseil_mutex.cc does.

#include <grpcpp/support/server_callback.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>

#include "tests/sanitizers/runtime/library_function.h"

namespace grpc::internal {
namespace {

// The private counts of a call, by explicit instantiations, which may name them: what has yet to
// happen before its reactor hears of a cancellation, and who has yet to let go of it.
std::atomic_int& CancelConditions(ServerCallbackCall& call);
std::atomic_int& Outstanding(ServerCallbackCall& call);

template <std::atomic_int ServerCallbackCall::*kConditions,
          std::atomic_int ServerCallbackCall::*kOutstanding>
struct Open {
  friend std::atomic_int& CancelConditions(ServerCallbackCall& call) { return call.*kConditions; }
  friend std::atomic_int& Outstanding(ServerCallbackCall& call) { return call.*kOutstanding; }
};
template struct Open<&ServerCallbackCall::on_cancel_conditions_remaining_,
                     &ServerCallbackCall::callbacks_outstanding_>;

// Lets go of the call on behalf of a reactor that hears of its cancellation. Deletes itself then.
class Cancellation final : public ServerReactor {
 public:
  Cancellation(ServerCallbackCall& call, ServerReactor& reactor) : call_(call), reactor_(reactor) {}

  void OnCancel() override {
    reactor_.OnCancel();
    __tsan_release(&Outstanding(call_));
    delete this;
  }
  void OnDone() override {}

 private:
  ServerCallbackCall& call_;
  ServerReactor& reactor_;
};

}  // namespace

void ServerCallbackCall::ScheduleOnDone(bool inline_ondone) {
  static auto* const schedule = seedfed::LibraryFunction<void(ServerCallbackCall*, bool)>(
      "_ZN4grpc8internal18ServerCallbackCall14ScheduleOnDoneEb");
  __tsan_acquire(&Outstanding(*this));
  schedule(this, inline_ondone);
}

void ServerCallbackCall::CallOnCancel(ServerReactor* reactor) {
  static auto* const cancel = seedfed::LibraryFunction<void(ServerCallbackCall*, ServerReactor*)>(
      "_ZN4grpc8internal18ServerCallbackCall12CallOnCancelEPNS0_13ServerReactorE");
  __tsan_acquire(&CancelConditions(*this));
  cancel(this, new Cancellation(*this, *reactor));
}

}  // namespace grpc::internal

// Shows the thread sanitizer what a completion queue orders: what was written before an operation
// was started is there for the thread that is told of its completion. Stands before the library as
// abseil_mutex.cc does.

#include <grpc/grpc.h>
#include <sanitizer/tsan_interface.h>

#include "tests/sanitizers/runtime/library_function.h"

extern "C" {

grpc_call_error grpc_call_start_batch(grpc_call* call, const grpc_op* ops, size_t count, void* tag,
                                      void* reserved) {
  static auto* const start =
      seedfed::LibraryFunction<decltype(grpc_call_start_batch)>("grpc_call_start_batch");
  if (tag != nullptr) __tsan_release(tag);
  return start(call, ops, count, tag, reserved);
}

grpc_event grpc_completion_queue_next(grpc_completion_queue* queue, gpr_timespec deadline,
                                      void* reserved) {
  static auto* const next =
      seedfed::LibraryFunction<decltype(grpc_completion_queue_next)>("grpc_completion_queue_next");
  const grpc_event event = next(queue, deadline, reserved);
  if (event.type == GRPC_OP_COMPLETE) __tsan_acquire(event.tag);
  return event;
}
}

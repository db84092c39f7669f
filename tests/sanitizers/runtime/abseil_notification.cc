// Shows the thread sanitizer what an absl::Notification orders, as abseil_mutex.cc does for
// mutexes.

#include <absl/synchronization/notification.h>
#include <absl/time/time.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>

#include "tests/sanitizers/runtime/library_function.h"

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace {

// The private flag that HasBeenNotified, which is in the header, reads: by an explicit
// instantiation, which may name it.
void* Flag(const Notification& notification);

template <std::atomic<bool> Notification::*kMember>
struct Open {
  friend void* Flag(const Notification& notification) {
    return const_cast<std::atomic<bool>*>(&(notification.*kMember));
  }
};
template struct Open<&Notification::notified_yet_>;

}  // namespace

void Notification::Notify() {
  static auto* const notify =
      seedfed::LibraryFunction<void(Notification*)>("_ZN4absl7debian312Notification6NotifyEv");
  __tsan_release(Flag(*this));
  notify(this);
}

void Notification::WaitForNotification() const {
  static auto* const wait = seedfed::LibraryFunction<void(const Notification*)>(
      "_ZNK4absl7debian312Notification19WaitForNotificationEv");
  wait(this);
  __tsan_acquire(Flag(*this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static auto* const wait = seedfed::LibraryFunction<bool(const Notification*, Duration)>(
      "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
  const bool notified = wait(this, timeout);
  if (notified) __tsan_acquire(Flag(*this));
  return notified;
}

bool Notification::WaitForNotificationWithDeadline(Time deadline) const {
  static auto* const wait = seedfed::LibraryFunction<bool(const Notification*, Time)>(
      "_ZNK4absl7debian312Notification31WaitForNotificationWithDeadlineENS0_4TimeE");
  const bool notified = wait(this, deadline);
  if (notified) __tsan_acquire(Flag(*this));
  return notified;
}

ABSL_NAMESPACE_END
}  // namespace absl

// Reads what a mutex guards without holding it: the check must find that.
#include "common/base/mutex.h"

namespace seedfed {

class Counter {
 public:
  int value() const { return value_; }

 private:
  Mutex mutex_;
  int value_ ABSL_GUARDED_BY(mutex_) = 0;
};

int Read(const Counter& counter) { return counter.value(); }

}  // namespace seedfed

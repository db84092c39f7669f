#ifndef SEEDFED_SERVER_STORE_STORAGE_THREAD_H_
#define SEEDFED_SERVER_STORE_STORAGE_THREAD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/mutex.h"
#include "server/store/store.h"

namespace seedfed {

// Commits writes on a thread of its own. All that is queued while a commit runs becomes one
// transaction (group commit), so that many small writes share one disk flush. While transactions
// have several writes, the next one also waits for more updates as long as they keep coming, at
// most for half the time that the last one took and 10 ms: fewer and larger ones cost less for each
// write.
class StorageThread {
 public:
  // What became of the tickets that were taken together.
  struct Report {
    std::vector<uint64_t> tickets;  // in the order of their Enqueue
    absl::Status status;
    size_t writes = 0;    // in the transaction; 0: there was no transaction
    absl::Duration took;  // Store::Commit, with its flush; zero without a transaction
  };

  // Gets the reports, in order. Called on the storage thread, without locks held: it may call
  // Enqueue, but must not destroy the StorageThread.
  using Done = std::function<void(Report report)>;

  // `store` and `clock` must outlive this.
  StorageThread(Store& store, const Clock& clock, Done done);

  // Commits what is queued, reports it, and waits for the thread.
  ~StorageThread();

  StorageThread(const StorageThread&) = delete;
  StorageThread& operator=(const StorageThread&) = delete;

  // Queues the writes of a ticket (perhaps none: then the ticket is done when all before it are)
  // and returns at once. Thread-safe. Once a commit has failed nothing is written any more: what
  // was queued after it, and all that comes later, is reported with the status of that failure.
  void Enqueue(uint64_t ticket, std::vector<Write> writes);

  // Writes that wait for the transaction after the one that is being committed. Thread-safe.
  size_t queued_writes() const;

 private:
  // Tickets and their writes, concatenated.
  struct Group {
    std::vector<uint64_t> tickets;
    std::vector<Write> writes;
  };

  void Run();
  bool MoreMayCome() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitWrites() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Store& store_;
  const Clock& clock_;
  const Done done_;
  mutable Mutex mutex_;
  CondVar wake_;
  Group queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Writes of a transaction lately, and how long the last one took. Only of the storage thread.
  size_t usual_writes_ = 0;
  absl::Duration last_took_;
  std::thread thread_;  // last: starts when all else is there
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_STORE_STORAGE_THREAD_H_

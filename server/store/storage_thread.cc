#include "server/store/storage_thread.h"

#include <iterator>
#include <utility>

namespace seedfed {

StorageThread::StorageThread(Store& store, const Clock& clock, Done done)
    : store_(store), clock_(clock), done_(std::move(done)), thread_([this] { Run(); }) {}

StorageThread::~StorageThread() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyOne();
  thread_.join();
}

void StorageThread::Enqueue(uint64_t ticket, std::vector<Write> writes) {
  {
    const MutexLock lock(mutex_);
    queue_.tickets.push_back(ticket);
    queue_.writes.insert(queue_.writes.end(), std::make_move_iterator(writes.begin()),
                         std::make_move_iterator(writes.end()));
  }
  wake_.NotifyOne();
}

size_t StorageThread::queued_writes() const {
  const MutexLock lock(mutex_);
  return queue_.writes.size();
}

void StorageThread::Run() {
  absl::Status status;
  while (true) {
    Group group;
    {
      const MutexLock lock(mutex_);
      while (!stopping_ && queue_.tickets.empty()) wake_.Wait(mutex_);
      if (queue_.tickets.empty()) return;
      group = std::exchange(queue_, Group());
    }
    Report report{std::move(group.tickets)};
    if (status.ok() && !group.writes.empty()) {
      const absl::Duration began = clock_.Monotonic();
      status = store_.Commit(group.writes);
      report.took = clock_.Monotonic() - began;
      report.writes = group.writes.size();
    }
    report.status = status;
    done_(std::move(report));
  }
}

}  // namespace seedfed

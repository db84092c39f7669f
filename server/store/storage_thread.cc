#include "server/store/storage_thread.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace seedfed {
namespace {

// For more writes, whatever a transaction takes.
constexpr absl::Duration kLongestWait = absl::Milliseconds(10);

}  // namespace

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
  bool first = false;
  {
    const MutexLock lock(mutex_);
    first = queue_.tickets.empty();
    queue_.tickets.push_back(ticket);
    queue_.writes.insert(queue_.writes.end(), std::make_move_iterator(writes.begin()),
                         std::make_move_iterator(writes.end()));
  }
  if (first) wake_.NotifyOne();
}

size_t StorageThread::queued_writes() const {
  const MutexLock lock(mutex_);
  return queue_.writes.size();
}

bool StorageThread::MoreMayCome() const {
  // Members and updates come in crowds; whatever else is written, clients may be waiting for.
  const Write* last = queue_.writes.empty() ? nullptr : &queue_.writes.back();
  return !stopping_ && last != nullptr &&
         (std::holds_alternative<UpdateRecord>(*last) ||
          std::holds_alternative<ClientRecord>(*last));
}

void StorageThread::AwaitWrites() {
  while (!stopping_ && queue_.tickets.empty()) wake_.Wait(mutex_);
  if (usual_writes_ < 2) return;
  constexpr int kLooks = 4;
  const absl::Duration look_again = std::min(last_took_ / 2, kLongestWait) / kLooks;
  size_t seen = 0;
  for (int look = 0; look < kLooks && MoreMayCome() && queue_.writes.size() > seen; ++look) {
    seen = queue_.writes.size();
    wake_.WaitFor(mutex_, look_again);
  }
}

void StorageThread::Run() {
  absl::Status status;
  while (true) {
    Group group;
    {
      const MutexLock lock(mutex_);
      AwaitWrites();
      if (queue_.tickets.empty()) return;
      group = std::exchange(queue_, Group());
    }
    Report report{std::move(group.tickets)};
    if (status.ok() && !group.writes.empty()) {
      const absl::Duration began = clock_.Monotonic();
      status = store_.Commit(group.writes);
      report.took = clock_.Monotonic() - began;
      report.writes = group.writes.size();
      usual_writes_ = std::max(report.writes, usual_writes_ / 2);
      last_took_ = report.took;
    }
    report.status = status;
    done_(std::move(report));
  }
}

}  // namespace seedfed

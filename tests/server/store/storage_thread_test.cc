#include "server/store/storage_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "server/store/sqlite_store.h"
#include "tests/server/store/fake_store.h"
#include "tests/server/store/records.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// Every look at it takes a second.
class TickingClock final : public Clock {
 public:
  absl::Time Wall() const override { return absl::UnixEpoch(); }
  absl::Duration Monotonic() const override { return absl::Seconds(++looks_); }

 private:
  mutable std::atomic<int> looks_ = 0;
};

// Groups as `done` reported them: tickets and the message of the status.
class Reports {
 public:
  StorageThread::Done Callback() {
    return [this](StorageThread::Report report) {
      std::unique_lock<std::mutex> lock(mutex_);
      groups_.emplace_back(report.tickets, Sentence(report.status));
      reports_.push_back(std::move(report));
      arrived_.notify_all();
      open_.wait(lock, [this] { return !held_; });
    };
  }

  // Keeps the storage thread in its next `done` until Release.
  void Hold() {
    const std::lock_guard<std::mutex> lock(mutex_);
    held_ = true;
  }
  void Release() {
    const std::lock_guard<std::mutex> lock(mutex_);
    held_ = false;
    open_.notify_all();
  }

  void AwaitGroups(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    arrived_.wait(lock, [&] { return groups_.size() >= count; });
  }

  std::vector<std::pair<std::vector<uint64_t>, std::string>> groups() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return groups_;
  }

  StorageThread::Report report(size_t index) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return reports_.at(index);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_, open_;
  bool held_ = false;
  std::vector<std::pair<std::vector<uint64_t>, std::string>> groups_;
  std::vector<StorageThread::Report> reports_;
};

TEST(StorageThread, WhatIsQueuedDuringACommit_IsOneTransactionInOrder) {
  FakeStore store;
  Reports reports;
  {
    StorageThread storage(store, SystemClock(), reports.Callback());
    reports.Hold();
    storage.Enqueue(10, {SomeClient(0)});
    reports.AwaitGroups(1);
    storage.Enqueue(11, {SomeClient(1), SomeClient(2)});
    storage.Enqueue(9, {});
    storage.Enqueue(12, {SomeUpdate(1, 0), SomeRound(1)});
    reports.Release();
  }
  EXPECT_THAT(reports.groups(),
              ElementsAre(Pair(ElementsAre(10), ""), Pair(ElementsAre(11, 9, 12), "")));
  EXPECT_THAT(store.commit_sizes(), ElementsAre(1, 4));
  EXPECT_EQ(store.Load()->clients.size(), 3u);
  EXPECT_EQ(store.Load()->last_round, 1u);
}

TEST(StorageThread, TicketsWithoutWrites_NeedNoCommit) {
  FakeStore store;
  Reports reports;
  { StorageThread(store, SystemClock(), reports.Callback()).Enqueue(1, {}); }
  EXPECT_THAT(reports.groups(), ElementsAre(Pair(ElementsAre(1), "")));
  EXPECT_THAT(store.commit_sizes(), IsEmpty());
}

TEST(StorageThread, Report_HasTheTransactionsWritesAndItsTime) {
  TickingClock clock;
  FakeStore store;
  Reports reports;
  store.FailCommit(2, absl::ResourceExhaustedError("disk full"));
  {
    StorageThread storage(store, clock, reports.Callback());
    storage.Enqueue(1, {});
    reports.AwaitGroups(1);
    storage.Enqueue(2, {SomeClient(1), SomeClient(2)});
    reports.AwaitGroups(2);
    storage.Enqueue(3, {SomeClient(3)});
    reports.AwaitGroups(3);
    storage.Enqueue(4, {SomeClient(4)});
  }
  EXPECT_EQ(reports.report(0).writes, 0u);
  EXPECT_EQ(reports.report(0).took, absl::ZeroDuration());
  EXPECT_EQ(reports.report(1).writes, 2u);
  EXPECT_EQ(reports.report(1).took, absl::Seconds(1));
  EXPECT_EQ(reports.report(2).writes, 1u) << "a transaction that failed is one too";
  EXPECT_EQ(reports.report(2).took, absl::Seconds(1));
  EXPECT_EQ(reports.report(3).writes, 0u) << "nothing is written after a failure";
  EXPECT_EQ(reports.report(3).took, absl::ZeroDuration());
}

TEST(StorageThread, QueuedWrites_AreThoseOfTheNextTransaction) {
  FakeStore store;
  Reports reports;
  {
    StorageThread storage(store, SystemClock(), reports.Callback());
    EXPECT_EQ(storage.queued_writes(), 0u);
    reports.Hold();
    storage.Enqueue(1, {SomeClient(0)});
    reports.AwaitGroups(1);
    EXPECT_EQ(storage.queued_writes(), 0u);
    storage.Enqueue(2, {SomeClient(1), SomeClient(2)});
    storage.Enqueue(3, {});
    storage.Enqueue(4, {SomeUpdate(1, 0)});
    EXPECT_EQ(storage.queued_writes(), 3u);
    reports.Release();
    reports.AwaitGroups(2);
    EXPECT_EQ(storage.queued_writes(), 0u);
  }
}

TEST(StorageThread, AfterAFailure_NothingIsWritten) {
  FakeStore store;
  Reports reports;
  store.FailCommit(2, absl::ResourceExhaustedError("disk full"));
  {
    StorageThread storage(store, SystemClock(), reports.Callback());
    reports.Hold();
    storage.Enqueue(1, {SomeClient(1)});
    reports.AwaitGroups(1);
    storage.Enqueue(2, {SomeClient(2)});
    storage.Enqueue(3, {SomeClient(3)});
    reports.Release();
    reports.AwaitGroups(2);
    storage.Enqueue(4, {SomeClient(4)});
    reports.AwaitGroups(3);
    storage.Enqueue(5, {});
  }
  EXPECT_THAT(reports.groups(),
              ElementsAre(Pair(ElementsAre(1), ""), Pair(ElementsAre(2, 3), "disk full"),
                          Pair(ElementsAre(4), "disk full"), Pair(ElementsAre(5), "disk full")));
  EXPECT_EQ(store.commit_sizes().size(), 2u);
  EXPECT_THAT(store.Load()->clients, ElementsAre(SomeClient(1)));
}

TEST(StorageThread, Destructor_CommitsWhatIsQueued) {
  FakeStore store;
  Reports reports;
  {
    StorageThread storage(store, SystemClock(), reports.Callback());
    for (uint32_t i = 0; i < 100; ++i) storage.Enqueue(i, {SomeClient(i)});
  }
  EXPECT_EQ(store.Load()->clients.size(), 100u);
}

TEST(StorageThread, Done_MayEnqueue) {
  FakeStore store;
  StorageThread* self = nullptr;
  std::vector<uint64_t> seen;
  {
    StorageThread storage(store, SystemClock(), [&](const StorageThread::Report& report) {
      for (const uint64_t ticket : report.tickets) {
        seen.push_back(ticket);
        if (ticket < 5) self->Enqueue(ticket + 1, {SomeClient(static_cast<uint32_t>(ticket))});
      }
    });
    self = &storage;
    storage.Enqueue(0, {});
  }
  EXPECT_THAT(seen, ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(store.Load()->clients.size(), 5u);
}

// Many threads enqueue while the store is read: every ticket is reported once, each thread's in
// order, and all is there.
TEST(StorageThread, UnderLoad_LosesAndReordersNothing) {
  constexpr uint32_t kThreads = 4, kEach = 250;
  TempFolder folder;
  const auto store = OpenSqliteStore(folder.path(), {}).value();
  std::vector<uint64_t> tickets;
  absl::Status worst;
  {
    StorageThread storage(*store, SystemClock(), [&](const StorageThread::Report& report) {
      tickets.insert(tickets.end(), report.tickets.begin(), report.tickets.end());
      worst.Update(report.status);
    });
    std::atomic<bool> stop = false;
    std::thread reader([&] {
      size_t last = 0;
      while (!stop) {
        const size_t now = store->Updates(1).value().size();
        EXPECT_GE(now, last);
        last = now;
      }
    });
    std::vector<std::thread> writers;
    for (uint32_t t = 0; t < kThreads; ++t) {
      writers.emplace_back([&, t] {
        for (uint32_t i = 0; i < kEach; ++i) {
          const uint32_t client = t * kEach + i;
          storage.Enqueue(client, {SomeClient(client), SomeUpdate(1, client)});
        }
      });
    }
    for (std::thread& writer : writers) writer.join();
    stop = true;
    reader.join();
  }
  EXPECT_TRUE(worst.ok()) << worst;
  ASSERT_EQ(tickets.size(), kThreads * kEach);
  std::vector<uint64_t> next(kThreads);
  for (const uint64_t ticket : tickets) EXPECT_EQ(ticket % kEach, next[ticket / kEach]++);
  const Contents contents = store->Load().value();
  EXPECT_EQ(contents.clients.size(), kThreads * kEach);
  ASSERT_EQ(contents.open_updates.size(), kThreads * kEach);
  for (size_t i = 0; i < tickets.size(); ++i) {
    EXPECT_EQ(contents.open_updates[i], SomeUpdate(1, static_cast<uint32_t>(tickets[i])));
  }
}

}  // namespace
}  // namespace seedfed

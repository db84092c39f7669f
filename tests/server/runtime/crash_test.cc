// A federation whose server meets a fault at any of its writes, starts again, and must end as if
// nothing had happened.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/runtime/recovery.h"
#include "server/store/sqlite_store.h"
#include "tests/server/core/core_fixture.h"
#include "tests/server/store/fake_store.h"
#include "tests/server/store/fault_store.h"

namespace seedfed {
namespace {

constexpr uint32_t kClients = 3;
constexpr uint32_t kRounds = 4;
constexpr absl::Duration kNow = absl::ZeroDuration();

struct PlannedFault {
  int write;  // of the server's life, from 1
  Fault fault;
};

constexpr Fault kFaults[] = {Fault::kCrashBefore, Fault::kCrashAfter, Fault::kDiskFull};

std::string Describe(const std::vector<PlannedFault>& faults) {
  const std::map<Fault, std::string> names = {{Fault::kCrashBefore, "crash before"},
                                              {Fault::kCrashAfter, "crash after"},
                                              {Fault::kDiskFull, "disk full at"}};
  std::string text;
  for (const PlannedFault& fault : faults)
    absl::StrAppend(&text, names.at(fault.fault), " write ", fault.write, "; ");
  return text;
}

// What stays when the server's process ends.
class Disk {
 public:
  virtual ~Disk() = default;
  virtual Store& store() = 0;
  virtual void RestartProcess() = 0;
};

class FakeDisk final : public Disk {
 public:
  Store& store() override { return store_; }
  void RestartProcess() override {}

 private:
  FakeStore store_;
};

class SqliteDisk final : public Disk {
 public:
  SqliteDisk() { Open(); }
  Store& store() override { return *store_; }

  // A store that is closed tidies its files, which a crash does not.
  void RestartProcess() override {
    const SqliteFiles files = SqliteFiles::Read(folder_->path());
    store_.reset();
    folder_ = std::make_unique<MemoryFolder>();
    files.Write(folder_->path());
    Open();
  }

 private:
  void Open() { store_ = OpenSqliteStore(folder_->path(), {}).value(); }

  std::unique_ptr<MemoryFolder> folder_ = std::make_unique<MemoryFolder>();
  std::unique_ptr<Store> store_;
};

// How the storage thread may take the writes that are queued.
enum class Commits { kOneByOne, kGrouped };

// Three clients, which live on, and the server, in one thread.
class Crashing {
 public:
  Crashing(Disk& disk, Commits commits) : disk_(disk), commits_(commits) {}

  // Runs all rounds, with one life of the server for each fault and one more.
  void Run(const std::vector<PlannedFault>& faults) {
    for (const PlannedFault& fault : faults) {
      EXPECT_FALSE(Live(fault)) << "the fault was not met";
      disk_.RestartProcess();
    }
    EXPECT_TRUE(Live(std::nullopt));
  }

  std::vector<RoundRecord> Rounds() { return disk_.store().Rounds(1, kRounds, SIZE_MAX).value(); }

  Digest256 fingerprint() const { return fingerprint_; }
  int writes() const { return writes_; }  // of the last life

 private:
  struct Update {
    uint32_t round;
    std::string words;
  };
  // A client of client/core, as far as the server sees it: it sends what has no answer again.
  struct Client {
    std::optional<uint32_t> number;  // none: has to join
    std::optional<Update> unanswered;
    uint32_t answered_round = 0;
  };
  struct Queued {
    uint64_t ticket;
    std::vector<Write> writes;
  };

  class FixedRandom final : public RandomSource {
   public:
    void Fill(std::span<uint8_t> out) override { std::fill(out.begin(), out.end(), uint8_t{7}); }
  };

  static ServerConfig Config() {
    ServerConfig config;
    config.model = SmallSpec();
    config.key = TestKey();
    config.clients = config.quorum = config.min_clients = kClients;
    config.example_cap = 1000;
    config.rounds = kRounds;
    config.snapshot_every = 2;
    return config;
  }

  // One life of the server. True: all rounds are complete. False: a write failed.
  bool Live(std::optional<PlannedFault> fault) {
    FaultStore store(disk_.store());
    if (fault) store.FailWrite(fault->write, fault->fault);
    queue_.clear();
    calls_.clear();
    FixedRandom random;
    absl::StatusOr<OpenedFederation> opened = OpenFederation(store, Config(), random, kNow);
    bool alive = opened.ok();
    if (alive) alive = Serve(opened->core, store);
    EXPECT_TRUE(alive || fault) << opened.status();
    writes_ = store.writes();
    return alive;
  }

  bool Serve(FederationCore& core, Store& store) {
    EXPECT_GE(core.round(), shown_) << "a client was shown a round that is lost";
    if (core.WakeTime() <= kNow) Take(core.Wake(kNow));
    while (true) {
      if (!Flush(core, store)) return false;
      shown_ = core.round();
      if (core.state() == FederationState::kFinished) break;
      const CallId before = call_;
      for (uint32_t i = 0; i < kClients; ++i) {
        Act(i, core);
        if (commits_ == Commits::kOneByOne && !Flush(core, store)) return false;
      }
      if (call_ == before) {
        ADD_FAILURE() << "an acknowledged update is lost: no client has anything to send";
        break;
      }
    }
    fingerprint_ = core.model().fingerprint();
    return true;
  }

  void Act(uint32_t i, FederationCore& core) {
    Client& client = clients_[i];
    if (!client.number) {
      calls_[++call_] = i;
      Take(core.Join(call_, absl::StrCat("c", i), false, kNow));
      return;
    }
    if (!client.unanswered && client.answered_round <= core.round()) {
      client.unanswered = Train(*client.number, core);
    }
    if (!client.unanswered) return;
    const auto& [round, words] = *client.unanswered;
    const std::string id = ToBytes(core.id());
    calls_[++call_] = i;
    Take(core.Submit(call_, {id, *client.number},
                     {round, 10 * (i + 1), 0.5F, 60, words, core.codec().Check(words, round)},
                     kNow));
  }

  // Depends on the client, the round and the model, as training does.
  static Update Train(uint32_t number, const FederationCore& core) {
    const uint32_t round = core.round() + 1;
    std::vector<int32_t> coordinates(core.codec().spec().coordinates());
    PhiloxStream stream({number, core.model().fingerprint()[0]}, round, 0, 0);
    for (int32_t& c : coordinates) c = static_cast<int32_t>(stream.Below(1U << 28)) - (1 << 27);
    return {round, core.codec().Encode(coordinates, round, {{number, round}, number})};
  }

  void Take(Effects effects) {
    if (!effects.persist.empty()) queue_.push_back({effects.ticket, std::move(effects.persist)});
    for (const Reply& reply : effects.replies) {
      Client& client = clients_[calls_.at(reply.call)];
      if (const auto* join = std::get_if<JoinReply>(&reply.content)) {
        client.number = join->client_number;
      } else if (std::holds_alternative<SubmitReply>(reply.content)) {
        client.answered_round = client.unanswered->round;
        client.unanswered.reset();
      } else {
        ADD_FAILURE() << "refused: " << std::get<absl::Status>(reply.content);
      }
    }
  }

  // Makes durable what is queued, and what follows from that. False when a write failed.
  bool Flush(FederationCore& core, Store& store) {
    while (!queue_.empty()) {
      std::vector<uint64_t> tickets;
      std::vector<Write> writes;
      do {
        tickets.push_back(queue_.front().ticket);
        std::move(queue_.front().writes.begin(), queue_.front().writes.end(),
                  std::back_inserter(writes));
        queue_.pop_front();
      } while (commits_ == Commits::kGrouped && !queue_.empty());
      if (!store.Commit(writes).ok()) return false;
      for (const uint64_t ticket : tickets) Take(core.Durable(ticket, kNow));
    }
    return true;
  }

  Disk& disk_;
  const Commits commits_;
  Client clients_[kClients];
  uint32_t shown_ = 0;  // the last round that a client knows to be complete
  Digest256 fingerprint_{};
  int writes_ = 0;
  CallId call_ = 0;

  // Of one life:
  std::deque<Queued> queue_;
  std::map<CallId, uint32_t> calls_;
};

class CrashTest : public testing::TestWithParam<Commits> {
 protected:
  CrashTest() {
    FakeDisk disk;
    Crashing federation(disk, GetParam());
    federation.Run({});
    rounds_ = federation.Rounds();
    fingerprint_ = federation.fingerprint();
    writes_ = federation.writes();
    EXPECT_EQ(rounds_.size(), kRounds);
    EXPECT_EQ(rounds_.back().fingerprint, fingerprint_);
  }

  // How many writes the last life needed.
  template <typename AnyDisk>
  int ExpectAsUndisturbed(const std::vector<PlannedFault>& faults) {
    SCOPED_TRACE(Describe(faults));
    AnyDisk disk;
    Crashing federation(disk, GetParam());
    federation.Run(faults);
    EXPECT_EQ(federation.fingerprint(), fingerprint_);
    EXPECT_TRUE(federation.Rounds() == rounds_);
    return federation.writes();
  }

  std::vector<RoundRecord> rounds_;
  Digest256 fingerprint_;
  int writes_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Commits, CrashTest, testing::Values(Commits::kOneByOne, Commits::kGrouped),
                         [](const auto& commits) {
                           return commits.param == Commits::kGrouped ? "Grouped" : "OneByOne";
                         });

TEST_P(CrashTest, FaultAtAnyWrite_EndsAsUndisturbed) {
  // The federation itself, the clients, and each round's updates and its end.
  EXPECT_EQ(writes_, GetParam() == Commits::kGrouped ? 1 + 1 + 2 * kRounds
                                                     : 1 + kClients + (kClients + 1) * kRounds);
  for (int write = 1; write <= writes_; ++write) {
    for (const Fault fault : kFaults) ExpectAsUndisturbed<SqliteDisk>({{write, fault}});
  }
}

TEST_P(CrashTest, AnotherFaultAtAnyWriteAfterTheRestart_EndsAsUndisturbed) {
  for (int first = 1; first <= writes_; ++first) {
    for (const Fault fault : kFaults) {
      const int left = ExpectAsUndisturbed<FakeDisk>({{first, fault}});
      for (int second = 1; second <= left; ++second) {
        for (const Fault another : kFaults)
          ExpectAsUndisturbed<FakeDisk>({{first, fault}, {second, another}});
      }
    }
  }
}

// The first write of every life fails, as on a disk that stays full.
TEST_P(CrashTest, FaultAtTheFirstWriteOfManyLives_EndsAsUndisturbed) {
  for (const Fault fault : {Fault::kCrashBefore, Fault::kDiskFull})
    ExpectAsUndisturbed<SqliteDisk>(std::vector<PlannedFault>(20, {1, fault}));
  // Each life gets one write further.
  ExpectAsUndisturbed<SqliteDisk>(std::vector<PlannedFault>(writes_, {1, Fault::kCrashAfter}));
}

}  // namespace
}  // namespace seedfed

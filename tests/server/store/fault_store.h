#ifndef SEEDFED_TESTS_SERVER_STORE_FAULT_STORE_H_
#define SEEDFED_TESTS_SERVER_STORE_FAULT_STORE_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/store.h"

namespace seedfed {

enum class Fault {
  kCrashBefore,  // the process ends before anything of the transaction is durable
  kCrashAfter,   // the transaction is durable, and the process ends before it hears of it
  kDiskFull,     // nothing is stored, and the process hears of it
};

// The store of a process that meets a fault at a chosen write, on top of another store. After a
// crash every call fails with UNAVAILABLE, which no store gives: whatever the process does then
// does not happen. The next process gets a FaultStore of its own on the same store. Thread-safe.
class FaultStore final : public Store {
 public:
  // `store` must outlive this.
  explicit FaultStore(Store& store) : store_(store) {}

  // The n-th Create or Commit from now (1: the next) meets the fault. One at a time.
  void FailWrite(int n, Fault fault) {
    const std::lock_guard<std::mutex> lock(mutex_);
    writes_until_fault_ = n;
    fault_ = fault;
  }

  // Calls of Create and Commit so far, also the one that met the fault.
  int writes() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return writes_;
  }

  bool crashed() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return crashed_;
  }

  absl::Status Create(const FederationRecord& federation) override {
    return Write([&] { return store_.Create(federation); });
  }

  absl::Status Commit(std::span<const seedfed::Write> writes) override {
    return Write([&] { return store_.Commit(writes); });
  }

  absl::StatusOr<Contents> Load() override {
    if (crashed()) return Crashed();
    return store_.Load();
  }

  absl::StatusOr<std::vector<RoundRecord>> Rounds(uint32_t first, uint32_t last,
                                                  size_t max_bytes) override {
    if (crashed()) return Crashed();
    return store_.Rounds(first, last, max_bytes);
  }

  absl::StatusOr<std::vector<RoundRecord>> RoundSummaries(uint32_t first, uint32_t last) override {
    if (crashed()) return Crashed();
    return store_.RoundSummaries(first, last);
  }

  absl::StatusOr<std::vector<UpdateRecord>> Updates(uint32_t round) override {
    if (crashed()) return Crashed();
    return store_.Updates(round);
  }

 private:
  static absl::Status Crashed() { return absl::UnavailableError("this process has crashed"); }

  template <typename Function>
  absl::Status Write(const Function& write) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (crashed_) return Crashed();
    ++writes_;
    if (writes_until_fault_ == 0 || --writes_until_fault_ > 0) return write();
    if (fault_ == Fault::kDiskFull) return absl::ResourceExhaustedError("the disk is full");
    crashed_ = true;
    if (fault_ == Fault::kCrashAfter) write().IgnoreError();
    return Crashed();
  }

  Store& store_;
  mutable std::mutex mutex_;
  int writes_ = 0;
  int writes_until_fault_ = 0;  // 0: none
  Fault fault_ = Fault::kCrashBefore;
  bool crashed_ = false;
};

// The files of a SQLite store as they lie on the disk. Read while the store is open and idle, they
// are what a crash at that moment leaves.
struct SqliteFiles {
  std::string database;
  std::string log;  // SQLite's write-ahead log

  static SqliteFiles Read(const std::string& folder) {
    return {ReadFile(folder + "/seedfed.db"), ReadFile(folder + "/seedfed.db-wal")};
  }

  // Into a folder where no store is open. Its -shm file is only an index of the log, which the next
  // opener makes anew.
  void Write(const std::string& folder) const {
    WriteFile(folder + "/seedfed.db", database);
    WriteFile(folder + "/seedfed.db-wal", log);
  }

 private:
  static std::string ReadFile(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  static void WriteFile(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
};

// A new folder in memory, where a flush costs nothing, for tests that open many stores; on the disk
// where there is no /dev/shm. Removed with everything in it.
class MemoryFolder {
 public:
  MemoryFolder()
      : path_((std::filesystem::is_directory("/dev/shm") ? "/dev/shm/" : testing::TempDir()) +
              "seedfed-store-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make a folder at " << path_;
  }
  ~MemoryFolder() { std::filesystem::remove_all(path_); }
  MemoryFolder(const MemoryFolder&) = delete;
  MemoryFolder& operator=(const MemoryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A file of which only the first `written` bytes of a change had reached the disk.
inline std::string Torn(const std::string& before, const std::string& after, size_t written) {
  std::string file = after.substr(0, written);
  if (before.size() > written) file += before.substr(written);
  return file;
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_STORE_FAULT_STORE_H_

#ifndef SEEDFED_TESTS_SERVER_STORE_RECORDS_H_
#define SEEDFED_TESTS_SERVER_STORE_RECORDS_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/store/store.h"

namespace seedfed {

// A new folder that is removed with everything in it at the end of the test.
class TempFolder {
 public:
  TempFolder() : path_(testing::TempDir() + "seedfed-store-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make a folder at " << path_;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Records whose every field differs from its default and from other records'.

inline FederationRecord SomeFederation() {
  FederationRecord record;
  for (size_t i = 0; i < record.id.size(); ++i) record.id[i] = static_cast<uint8_t>(i);
  record.key = FederationKey::Parse("ff00000000000000000000000000007f").value();
  record.spec.layers = {{7, 11, 4}, {3, 8, 16}};
  record.spec.codec = Codec::kSingle;
  record.spec.mode = Mode::kPure;
  record.spec.phase_bits = 4;
  record.spec.gain = 1.25;
  return record;
}

inline ClientRecord SomeClient(uint32_t number) {
  return {number, absl::StrCat("client-", number), number >= (1U << 31)};
}

// Bytes without a pattern, the same for the same seed.
inline std::string SomeWords(uint32_t seed, size_t size = 300) {
  std::string words(size, '\0');
  uint32_t state = seed;
  for (char& byte : words) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return words;
}

inline UpdateRecord SomeUpdate(uint32_t round, uint32_t client) {
  return {round,         client,
          1000 + client, 0.1f * static_cast<float>(client + 1),
          4100 + client, SomeWords(round * 1000 + client)};
}

inline RoundRecord SomeRound(uint32_t round) {
  RoundRecord record;
  record.round = round;
  record.words = SomeWords(round);
  record.fingerprint.fill(static_cast<uint8_t>(round));
  record.base_checksum.fill(static_cast<uint8_t>(round + 1));
  record.updates = round + 2;
  record.examples = (uint64_t{1} << 40) + round;
  record.training_loss = 1.0 / round;
  record.bytes_up = (uint64_t{1} << 41) + round;
  record.duration_ms = round + 3;
  return record;
}

inline SnapshotRecord SomeSnapshot(uint32_t round) {
  return {round, SomeWords(round + 77, 100000)};
}

inline std::string Sentence(const absl::Status& status) { return std::string(status.message()); }

template <typename T>
std::string Sentence(const absl::StatusOr<T>& result) {
  return Sentence(result.status());
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_STORE_RECORDS_H_

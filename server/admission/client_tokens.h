#ifndef SEEDFED_SERVER_ADMISSION_CLIENT_TOKENS_H_
#define SEEDFED_SERVER_ADMISSION_CLIENT_TOKENS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "server/admission/client_token_file.h"

namespace seedfed {

// The tokens of a file, which may change while they are used: the file is looked at once a second,
// and whenever a token is not known, and read again when another one lies there. So a new token is
// good at once, and a revoked one is refused after a second at most. A file that is then not valid,
// or gone, leaves the tokens as they were, and a warning in the log. Thread-safe.
class ClientTokens {
 public:
  // `clock` must outlive this. The errors of ReadClientTokenFile.
  static absl::StatusOr<std::unique_ptr<ClientTokens>> Load(const std::string& path,
                                                            const Clock& clock);

  struct Found {
    std::string client_id;
    absl::Time expires;
    bool expired = false;
  };

  // Nothing when the token is in no line. What is compared with a secret takes the same time
  // whether it is equal or not.
  std::optional<Found> Find(std::string_view token);

 private:
  ClientTokens(std::string path, const Clock& clock) : path_(std::move(path)), clock_(clock) {}

  void Use(const ClientTokenFile& file) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<Found> Look(const Digest256& digest) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether it has changed.
  bool ReadAgainIfChanged(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  const Clock& clock_;

  absl::Mutex mutex_;
  absl::Duration looked_at_ ABSL_GUARDED_BY(mutex_);  // Clock::Monotonic
  // Of what was read last, or could not be.
  std::optional<ClientTokenFile::Version> version_ ABSL_GUARDED_BY(mutex_);
  // By the first bytes of their digests, which say nothing of the tokens.
  std::unordered_multimap<uint64_t, ClientToken> tokens_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_ADMISSION_CLIENT_TOKENS_H_

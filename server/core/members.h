#ifndef SEEDFED_SERVER_CORE_MEMBERS_H_
#define SEEDFED_SERVER_CORE_MEMBERS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/status.h"
#include "server/core/records.h"

namespace seedfed {

// Whether `id` is 1 to 64 of A-Z a-z 0-9 . _ -
bool IsClientId(absl::string_view id);

// Who belongs to the federation, and who was heard of lately. Times are the caller's monotonic
// clock. Not thread-safe.
class Members {
 public:
  static constexpr uint32_t kFirstEvaluator = 1U << 31;
  static constexpr size_t kMaxMembers = 1U << 20;

  explicit Members(std::span<const ClientRecord> known);

  struct Entry {
    ClientRecord record;
    bool is_new = false;
  };

  // The member named `id`, made on first sight. InvalidArgument when the id is not 1 to 64 of A-Z
  // a-z 0-9 . _ - or joined in the other role before; ResourceExhausted when the federation is
  // full.
  absl::StatusOr<Entry> Join(const std::string& id, bool evaluator);

  // Nullptr when nobody has that number.
  const ClientRecord* Find(uint32_t number) const;

  void Seen(uint32_t number, absl::Duration now);

  // Those heard of at `since` or later.
  size_t LiveTrainers(absl::Duration since) const;
  size_t LiveEvaluators(absl::Duration since) const;

  // When the member was heard of; nothing: not at all.
  std::optional<absl::Duration> LastSeen(uint32_t number) const;

  // All members, by id.
  const std::map<std::string, uint32_t>& by_id() const { return by_id_; }

  uint32_t trainers() const { return next_trainer_; }
  uint32_t evaluators() const { return next_evaluator_ - kFirstEvaluator; }

  // Members of both roles that may still ask: those heard of at `since` or later, and those not
  // heard of at all, who may be about to come back to a restarted server.
  std::vector<uint32_t> Expected(absl::Duration since) const;

 private:
  std::map<std::string, uint32_t> by_id_;
  std::map<uint32_t, ClientRecord> by_number_;
  std::map<uint32_t, absl::Duration> last_seen_;
  uint32_t next_trainer_ = 0;
  uint32_t next_evaluator_ = kFirstEvaluator;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_MEMBERS_H_

#include "server/core/members.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

constexpr size_t kMaxIdLength = 64;

const char* RoleName(bool evaluator) { return evaluator ? "an evaluator" : "a trainer"; }

}  // namespace

bool IsClientId(absl::string_view id) {
  return !id.empty() && id.size() <= kMaxIdLength &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
         });
}

Members::Members(std::span<const ClientRecord> known) {
  for (const ClientRecord& record : known) {
    by_id_[record.id] = record.number;
    by_number_[record.number] = record;
    uint32_t& next = record.evaluator ? next_evaluator_ : next_trainer_;
    next = std::max(next, record.number + 1);
  }
}

absl::StatusOr<Members::Entry> Members::Join(const std::string& id, bool evaluator) {
  if (!IsClientId(id)) {
    return absl::InvalidArgumentError(
        absl::StrCat("client id '", absl::CHexEscape(id.substr(0, kMaxIdLength)),
                     "' is not 1 to 64 of the characters A-Z a-z 0-9 . _ -"));
  }
  if (const auto found = by_id_.find(id); found != by_id_.end()) {
    const ClientRecord& record = by_number_.at(found->second);
    if (record.evaluator != evaluator) {
      return absl::InvalidArgumentError(
          absl::StrCat("client '", id, "' is ", RoleName(record.evaluator),
                       " of this federation and cannot join as ", RoleName(evaluator)));
    }
    return Entry{record, false};
  }
  if (by_id_.size() >= kMaxMembers) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the federation is full: it has ", kMaxMembers, " members"));
  }
  const ClientRecord record = {evaluator ? next_evaluator_++ : next_trainer_++, id, evaluator};
  by_id_[id] = record.number;
  by_number_[record.number] = record;
  return Entry{record, true};
}

const ClientRecord* Members::Find(uint32_t number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : &found->second;
}

void Members::Seen(uint32_t number, absl::Duration now) { last_seen_[number] = now; }

size_t Members::LiveTrainers(absl::Duration since) const {
  return std::count_if(last_seen_.begin(), last_seen_.lower_bound(kFirstEvaluator),
                       [since](const auto& entry) { return entry.second >= since; });
}

size_t Members::LiveEvaluators(absl::Duration since) const {
  return std::count_if(last_seen_.lower_bound(kFirstEvaluator), last_seen_.end(),
                       [since](const auto& entry) { return entry.second >= since; });
}

std::optional<absl::Duration> Members::LastSeen(uint32_t number) const {
  const auto found = last_seen_.find(number);
  if (found == last_seen_.end()) return std::nullopt;
  return found->second;
}

std::vector<uint32_t> Members::Expected(absl::Duration since) const {
  std::vector<uint32_t> expected;
  for (const auto& [number, record] : by_number_) {
    const auto seen = last_seen_.find(number);
    if (seen == last_seen_.end() || seen->second >= since) expected.push_back(number);
  }
  return expected;
}

}  // namespace seedfed

// Who a caller is, and what it can reach: docs/security.md, *Who is who*.

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/core/federation_core.h"
#include "tests/server/core/core_fixture.h"

namespace seedfed {
namespace {

constexpr RoundRules kRules = {.rounds = 3,
                               .goal = 2,
                               .quorum = 2,
                               .min_clients = 2,
                               .deadline = absl::Seconds(10),
                               .poll = absl::Seconds(1000),
                               .example_cap = 1000};

class IdentityTest : public ::testing::Test {
 protected:
  FederationCore::Caller As(uint32_t number, absl::string_view identity) const {
    FederationCore::Caller caller = d_.Caller(number);
    caller.identity = identity;
    return caller;
  }

  uint64_t Refused(RefusalReason reason) const { return d_.core.refusals().of(reason); }

  CoreDriver d_{kRules};
};

TEST_F(IdentityTest, Join_UnderAnotherId_IsRefusedAndMakesNoMember) {
  d_.Take(d_.core.Join(++d_.call, "c0", false, d_.now, "mallory"));
  EXPECT_EQ(d_.Get<absl::Status>(d_.call),
            absl::PermissionDeniedError("the caller's credential belongs to client mallory, which "
                                        "cannot join under another id"));
  EXPECT_EQ(d_.core.members().trainers(), 0U);
  EXPECT_TRUE(d_.store.empty());
  EXPECT_EQ(Refused(RefusalReason::kWrongIdentity), 1U);
  d_.Take(d_.core.Join(++d_.call, "c0", false, d_.now, "c0"));
  EXPECT_EQ(d_.Get<JoinReply>(d_.call).client_number, 0U);
}

TEST_F(IdentityTest, Calls_UnderAnotherNumber_AreRefusedAndBlameTheCaller) {
  d_.JoinAll(2);
  d_.Join("eve", true);
  const absl::Status expected = absl::PermissionDeniedError(
      "the caller's credential belongs to client c1; client number 0 is another client's");
  d_.Take(d_.core.Await(++d_.call, As(0, "c1"), 0, d_.now));
  EXPECT_EQ(d_.Get<absl::Status>(d_.call), expected);
  d_.Take(d_.core.FetchSnapshot(++d_.call, As(0, "c1"), d_.now));
  EXPECT_EQ(d_.Get<absl::Status>(d_.call), expected);
  d_.Take(d_.core.Report(++d_.call, As(0, "c1"), {1, 0, 0.5, 0.5, 10}, d_.now));
  EXPECT_EQ(d_.Get<absl::Status>(d_.call), expected);
  const std::string words = d_.Words(0, 1);
  d_.Take(d_.core.Submit(++d_.call, As(0, "c1"),
                         {1, 10, 0.5F, 50, words, d_.core.codec().Check(words, 1)}, d_.now));
  EXPECT_EQ(d_.Get<absl::Status>(d_.call), expected);
  EXPECT_EQ(Refused(RefusalReason::kWrongIdentity), 4U);
  EXPECT_EQ(d_.events.back().client->id, "c1");
  EXPECT_EQ(d_.core.progress(d_.now).updates, 0U);
}

TEST_F(IdentityTest, Stranger_IsNotBlamedOnAMember) {
  d_.JoinAll(2);
  const std::string words = d_.Words(0, 1);
  d_.Take(d_.core.Submit(++d_.call, As(0, "mallory"),
                         {1, 10, 0.5F, 50, words, d_.core.codec().Check(words, 1)}, d_.now));
  EXPECT_FALSE(d_.events.back().client.has_value());
  EXPECT_EQ(d_.events.back().level, Event::Level::kDebug);
}

TEST_F(IdentityTest, EveryRefusedCall_IsCountedByReason) {
  d_.JoinAll(2);
  d_.Join("a b");
  EXPECT_EQ(Refused(RefusalReason::kJoin), 1U);
  d_.Await(7, 0);
  EXPECT_EQ(Refused(RefusalReason::kUnknownClient), 1U);
  d_.Await(0, 5);
  EXPECT_EQ(Refused(RefusalReason::kWrongRound), 1U);
  d_.Report(0, 1, 0.5);
  EXPECT_EQ(Refused(RefusalReason::kReport), 1U);
  d_.federation = Blake2b128("other");
  d_.Snapshot(0);
  EXPECT_EQ(Refused(RefusalReason::kWrongFederation), 1U);
  d_.Take(d_.core.Rejected(RefusalReason::kNoToken, absl::UnauthenticatedError("no"), {}));
  EXPECT_EQ(Refused(RefusalReason::kNoToken), 1U);
  EXPECT_EQ(d_.core.refusals().sum(), 6U);
}

TEST_F(IdentityTest, FifthHeldCallOfAMember_AnswersItsOldest) {
  d_.JoinAll(2);
  const CallId other = d_.Await(1, 0);
  const CallId first = d_.Await(0, 0);
  for (int i = 0; i < 3; ++i) d_.Await(0, 0);
  EXPECT_FALSE(d_.Answered(first));
  d_.Await(0, 0);
  EXPECT_TRUE(d_.Get<AwaitReply>(first).results.empty());
  for (int i = 0; i < 1000; ++i) d_.Await(0, 0);
  EXPECT_EQ(d_.core.progress(d_.now).waiting_calls, 5U);
  EXPECT_FALSE(d_.Answered(other));
  d_.Take(d_.core.Cancelled(d_.call));
  EXPECT_EQ(d_.core.progress(d_.now).waiting_calls, 4U);
  d_.Await(0, 0);
  EXPECT_EQ(d_.core.progress(d_.now).waiting_calls, 5U);
}

// What `core` tells of the members c0, c1 and eve, whom the stranger is not.
std::string Others(const FederationCore& core, absl::Duration now) {
  std::string text = absl::StrCat(core.progress(now).updates, " updates, round ", core.round(),
                                  ", ", ToHex(core.fingerprint()));
  for (const auto& [id, number] : core.members().by_id()) {
    if (id == "mallory") continue;
    const auto seen = core.members().LastSeen(number);
    absl::StrAppend(&text, "; ", id, " ", number, " ",
                    seen ? absl::FormatDuration(*seen) : std::string("never"));
  }
  return text;
}

// Whatever a stranger with a credential of his own says of himself.
TEST_F(IdentityTest, Stranger_ChangesNothingOfOtherMembers) {
  d_.JoinAll(2);
  d_.Join("eve", true);
  d_.Submit(0, 1, d_.Words(0, 1));
  const CallId held = d_.Await(0, 0);
  d_.now += absl::Seconds(1);
  const std::string before = Others(d_.core, d_.now);
  const size_t stored = d_.store.size();
  constexpr uint32_t kNumbers[] = {
      0, 1, 2, 3, Members::kFirstEvaluator, Members::kFirstEvaluator + 1, 0xffffffff};
  const std::string ids[] = {"c0", "c1", "eve", "", "mallory ", "Mallory", std::string(64, 'm')};
  PhiloxStream random({1, 2}, 3, 0, 0);
  for (int i = 0; i < 20'000; ++i) {
    const FederationCore::Caller caller =
        As(kNumbers[random.Below(std::size(kNumbers))], "mallory");
    const uint32_t round = random.Below(4);
    const CallId call = ++d_.call;
    switch (random.Below(5)) {
      case 0:
        d_.Take(d_.core.Join(call, ids[random.Below(std::size(ids))], random.Below(2) == 0, d_.now,
                             "mallory"));
        break;
      case 1:
        d_.Take(d_.core.Await(call, caller, round, d_.now));
        break;
      case 2: {
        const std::string words = d_.Words(1, 1, static_cast<uint32_t>(i));
        d_.Take(d_.core.Submit(
            call, caller,
            {round, random.Below(100), 0.5F, 50, words, d_.core.codec().Check(words, round)},
            d_.now));
        break;
      }
      case 3:
        d_.Take(d_.core.Report(call, caller, {round, 0, 0.5, 0.5, 10}, d_.now));
        break;
      default:
        d_.Take(d_.core.FetchSnapshot(call, caller, d_.now));
    }
    ASSERT_TRUE(std::holds_alternative<absl::Status>(d_.replies.at(call))) << "step " << i;
  }
  EXPECT_EQ(Others(d_.core, d_.now), before);
  EXPECT_EQ(d_.store.size(), stored);
  EXPECT_FALSE(d_.Answered(held));
  for (const Event& event : d_.events) {
    if (event.kind == EventKind::kUpdateRefused || event.kind == EventKind::kCallRefused) {
      EXPECT_FALSE(event.client.has_value());
    }
  }
}

}  // namespace
}  // namespace seedfed

// The rule of effects.h: a reply never speaks of anything that is not durable yet.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "server/core/federation_core.h"
#include "tests/server/core/core_fixture.h"

namespace seedfed {
namespace {

constexpr RoundRules kRules = {
    .rounds = 3, .goal = 2, .quorum = 2, .min_clients = 1, .example_cap = 1000};

TEST(FederationCoreOrder, Join_AnsweredOnceTheMemberIsDurable) {
  CoreDriver d(kRules);
  d.hold = true;
  const CallId first = d.Join("c0"), again = d.Join("c0");
  EXPECT_FALSE(d.Answered(first));
  EXPECT_FALSE(d.Answered(again));
  d.Flush();
  EXPECT_EQ(d.Get<JoinReply>(first).client_number, 0U);
  EXPECT_EQ(d.Get<JoinReply>(again).client_number, 0U);
  EXPECT_EQ(d.store.size(), 1U);
}

TEST(FederationCoreOrder, Submit_AcknowledgedOnceTheUpdateIsDurable) {
  CoreDriver d(kRules);
  d.JoinAll(2);
  d.hold = true;
  const CallId first = d.Submit(0, 1, d.Words(0, 1)), again = d.Submit(0, 1, d.Words(0, 1));
  EXPECT_FALSE(d.Answered(first));
  EXPECT_FALSE(d.Answered(again));
  d.Flush();
  EXPECT_FALSE(d.Get<SubmitReply>(first).late);
  EXPECT_FALSE(d.Get<SubmitReply>(again).late);
}

TEST(FederationCoreOrder, AveragedWords_UnseenUntilTheRoundIsDurable) {
  CoreDriver d(kRules);
  d.JoinAll(3);
  const CallId early = d.Await(2, 0);
  d.Submit(0, 1, d.Words(0, 1));
  d.hold = true;
  d.Submit(1, 1, d.Words(1, 1));
  ASSERT_EQ(d.held.size(), 1U);  // the update
  const uint64_t update = d.held[0];
  d.held.clear();
  d.Take(d.core.Durable(update, d.now));
  ASSERT_EQ(d.held.size(), 1U);  // the round
  const CallId during = d.Await(0, 0), snapshot = d.Snapshot(1);
  EXPECT_EQ(d.core.round(), 0U);
  EXPECT_FALSE(d.Answered(early));
  EXPECT_FALSE(d.Answered(during));
  EXPECT_FALSE(d.Answered(snapshot));
  EXPECT_EQ(d.Get<JoinReply>(d.Join("c0")).round, 0U);
  EXPECT_TRUE(d.Get<SubmitReply>(d.Submit(2, 1, d.Words(2, 1))).late);
  d.Flush();
  EXPECT_EQ(d.Get<AwaitReply>(early).round, 1U);
  EXPECT_EQ(d.Get<AwaitReply>(during).round, 1U);
  EXPECT_EQ(
      Model::FromSnapshot(*d.Get<SnapshotReply>(snapshot).bytes, SmallSpec(), TestKey())->round(),
      1U);
}

TEST(FederationCoreOrder, UpdateDurableAfterItsRoundClosed_AnsweredLateAndNotCounted) {
  CoreDriver d(kRules);
  d.JoinAll(3);
  d.hold = true;
  const CallId a = d.Submit(0, 1, d.Words(0, 1));
  const CallId b = d.Submit(1, 1, d.Words(1, 1));
  const CallId c = d.Submit(2, 1, d.Words(2, 1));
  d.Flush();
  EXPECT_FALSE(d.Get<SubmitReply>(a).late);
  EXPECT_FALSE(d.Get<SubmitReply>(b).late);
  EXPECT_TRUE(d.Get<SubmitReply>(c).late);
  EXPECT_EQ(d.Get<AwaitReply>(d.Await(0, 0)).results[0]->updates, 2U);
}

// Random events with random delays of the store, checked against what has become durable.
TEST(FederationCoreOrder, RandomEvents_NoReplySpeaksOfWhatIsNotDurable) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    RoundRules rules = kRules;
    rules.rounds = 6;
    CoreDriver d(rules);
    d.JoinAll(4);
    d.hold = true;
    PhiloxStream random({seed, 99}, 0, 0, 0);
    std::set<std::pair<uint32_t, uint32_t>> durable_updates;
    uint32_t durable_round = 0;
    size_t seen = 0, flushed = d.store.size();
    std::vector<std::pair<CallId, std::pair<uint32_t, uint32_t>>> submits;
    for (int step = 0; step < 200; ++step) {
      const uint32_t client = random.Below(4), round = d.core.round() + 1;
      switch (random.Below(4)) {
        case 0:
          d.Await(client, random.Below(d.core.round() + 1));
          break;
        case 1:
          submits.push_back({d.Submit(client, round, d.Words(client, round)), {client, round}});
          break;
        case 2:
          if (!d.held.empty()) {
            const uint64_t ticket = d.held.front();
            d.held.erase(d.held.begin());
            const Write& write = d.store[flushed++];
            if (const auto* update = std::get_if<UpdateRecord>(&write)) {
              durable_updates.insert({update->client, update->round});
            } else {
              durable_round = std::get<RoundRecord>(write).round;
            }
            d.Take(d.core.Durable(ticket, d.now));
          }
          break;
        default:
          d.Wait(absl::Seconds(random.Below(30)));
      }
      ASSERT_EQ(d.core.round(), durable_round) << "seed " << seed;
      for (const auto& [call, key] : submits) {
        const auto reply = d.replies.find(call);
        if (reply == d.replies.end()) continue;
        const auto* submit = std::get_if<SubmitReply>(&reply->second);
        if (submit == nullptr || submit->late) continue;
        ASSERT_TRUE(durable_updates.contains(key)) << "seed " << seed;
      }
      for (const auto& [call, content] : d.replies) {
        const auto* await = std::get_if<AwaitReply>(&content);
        if (await == nullptr || call <= seen) continue;
        ASSERT_LE(await->round, durable_round) << "seed " << seed;
      }
      seen = std::max<size_t>(seen, d.replies.empty() ? 0 : d.replies.rbegin()->first);
    }
    ASSERT_GT(durable_round, 0U) << "seed " << seed;
  }
}

}  // namespace
}  // namespace seedfed

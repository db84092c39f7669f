#include "server/runtime/runtime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "tests/server/core/core_fixture.h"
#include "tests/server/store/fake_store.h"

namespace seedfed {
namespace {

constexpr RoundRules kRules = {.rounds = 1,
                               .goal = 1,
                               .quorum = 1,
                               .min_clients = 1,
                               .poll = absl::Minutes(10),
                               .example_cap = 1000};

// A runtime on a thread of its own.
class RuntimeTest : public ::testing::Test {
 protected:
  void Start(bool exit_when_done = false) {
    ASSERT_TRUE(store_.Create({TestId(), TestKey(), SmallSpec()}).ok());
    auto core =
        FederationCore::Create(kRules, TestId(), TestKey(), *Model::Create(SmallSpec(), TestKey()),
                               {}, SystemClock().Monotonic());
    runtime_ = std::make_unique<Runtime>(io_, *std::move(core), Monitor(ServerFacts()), store_,
                                         SystemClock(), exit_when_done,
                                         [this](absl::Status status) { ended_.set_value(status); });
    runtime_->ObserveCommits(
        [this](const StorageThread::Report& report) { commits_.push_back(report.writes); });
    runtime_->Start();
    thread_ = std::thread([this] { io_.run(); });
  }

  void TearDown() override {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] { runtime_->Stop(); });
    work_.reset();
    io_.stop();
    thread_.join();
  }

  // Begins an event and gives its reply to come.
  std::future<Runtime::Content> Begin(Runtime::Step step) {
    auto promise = std::make_shared<std::promise<Runtime::Content>>();
    last_ = runtime_->Begin(std::move(step), [promise](Runtime::Content content) {
      promise->set_value(std::move(content));
    });
    return promise->get_future();
  }

  static Runtime::Content Get(std::future<Runtime::Content> reply) {
    if (reply.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
      return absl::DeadlineExceededError("no reply in 20 s");
    }
    return reply.get();
  }

  Runtime::Content Join(const std::string& id) {
    return Get(Begin([id](FederationCore& core, CallId call, absl::Duration now) {
      return core.Join(call, id, false, now);
    }));
  }

  std::future<Runtime::Content> Await(uint32_t have) {
    return Begin([have](FederationCore& core, CallId call, absl::Duration now) {
      return core.Await(call, Caller(), have, now);
    });
  }

  std::future<Runtime::Content> Submit() {
    return Begin([](FederationCore& core, CallId call, absl::Duration now) {
      const std::string words(32, '\0');
      return core.Submit(call, Caller(), {1, 10, 0.5F, 60, words, core.codec().Check(words, 1)},
                         now);
    });
  }

  static FederationCore::Caller Caller() {
    static const FederationId id = TestId();
    return {absl::string_view(reinterpret_cast<const char*>(id.data()), id.size()), 0};
  }

  static absl::StatusCode Code(const Runtime::Content& content) {
    const auto* status = std::get_if<absl::Status>(&content);
    return status == nullptr ? absl::StatusCode::kOk : status->code();
  }

  FakeStore store_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(io_);
  std::promise<absl::Status> ended_;
  std::unique_ptr<Runtime> runtime_;
  std::thread thread_;
  std::vector<size_t> commits_;  // writes; on the strand
  std::shared_ptr<Runtime::Call> last_;
};

TEST_F(RuntimeTest, UpdateThatReachesTheGoal_AnswersTheHeldAwait) {
  Start();
  ASSERT_TRUE(std::holds_alternative<JoinReply>(Join("c0")));
  auto waiting = Await(0);
  EXPECT_FALSE(std::get<SubmitReply>(Get(Submit())).late);
  const Runtime::Content reply = Get(std::move(waiting));
  ASSERT_TRUE(std::holds_alternative<AwaitReply>(reply));
  EXPECT_EQ(std::get<AwaitReply>(reply).round, 1U);
  EXPECT_EQ(store_.Load()->last_round, 1U);
}

TEST_F(RuntimeTest, Commits_AreObservedBeforeTheCallsThatWaitedForThem) {
  Start();
  Join("c0");
  EXPECT_THAT(commits_, testing::ElementsAre(1U));
  EXPECT_EQ(runtime_->queued_writes(), 0U);
}

TEST_F(RuntimeTest, Cancel_AnswersCancelled) {
  Start();
  Join("c0");
  auto waiting = Await(0);
  runtime_->Cancel(last_);
  EXPECT_EQ(Code(Get(std::move(waiting))), absl::StatusCode::kCancelled);
}

TEST_F(RuntimeTest, Stop_AnswersOpenAndLaterCallsUnavailable) {
  Start();
  Join("c0");
  auto waiting = Await(0);
  boost::asio::post(io_, [this] { runtime_->Stop(); });
  EXPECT_EQ(Code(Get(std::move(waiting))), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Code(Get(Await(0))), absl::StatusCode::kUnavailable);
}

TEST_F(RuntimeTest, StoreFails_EndsWithItsErrorAndNothingIsAcknowledged) {
  Start();
  Join("c0");
  store_.FailCommit(1, absl::ResourceExhaustedError("the disk is full"));
  auto submit = Submit();
  auto ended = ended_.get_future();
  ASSERT_EQ(ended.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(ended.get().message(), "the disk is full");
  boost::asio::post(io_, [this] { runtime_->Stop(); });
  EXPECT_EQ(Code(Get(std::move(submit))), absl::StatusCode::kUnavailable);
}

TEST_F(RuntimeTest, ExitWhenDone_EndsOnceTheClientKnows) {
  Start(true);
  Join("c0");
  Get(Submit());
  EXPECT_EQ(std::get<AwaitReply>(Get(Await(0))).state, FederationState::kFinished);
  Get(Begin([](FederationCore& core, CallId call, absl::Duration now) {
    return core.KnowsTheEnd(call, Caller(), now);
  }));
  auto ended = ended_.get_future();
  ASSERT_EQ(ended.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_TRUE(ended.get().ok());
}

TEST_F(RuntimeTest, Events_ReachObserversMonitorAndSubscribers) {
  Start();
  std::promise<uint64_t> heard;
  Runtime::Subscription subscription;
  std::vector<EventKind> seen;
  std::promise<void> ready;
  runtime_->Inspect([&](const FederationCore&, const Monitor& monitor) {
    runtime_->Observe([&seen](const Event& event) { seen.push_back(event.kind); });
    subscription = runtime_->Subscribe([&] {
      subscription.reset();
      heard.set_value(monitor.version());
    });
    ready.set_value();
  });
  ready.get_future().get();
  Join("c0");
  auto version = heard.get_future();
  ASSERT_EQ(version.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(version.get(), 2U);
  Join("c1");  // nobody is subscribed any more
  std::promise<std::string> state;
  runtime_->Inspect([&](const FederationCore& core, const Monitor& monitor) {
    state.set_value(
        monitor.Status(core, runtime_->clock().Monotonic(), runtime_->clock().Wall()).state());
  });
  EXPECT_EQ(state.get_future().get(), "collecting");
  EXPECT_THAT(seen, testing::ElementsAre(EventKind::kClientJoined, EventKind::kRoundOpened,
                                         EventKind::kClientJoined));
}

TEST_F(RuntimeTest, RequestStop_EndsWithOk) {
  Start();
  runtime_->RequestStop();
  auto ended = ended_.get_future();
  ASSERT_EQ(ended.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_TRUE(ended.get().ok());
}

}  // namespace
}  // namespace seedfed

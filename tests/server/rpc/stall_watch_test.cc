#include "server/rpc/stall_watch.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

namespace seedfed {
namespace {

constexpr absl::Duration kTime = absl::Milliseconds(5);

class StallWatchTest : public ::testing::Test {
 protected:
  boost::asio::io_context io_;
  const Runtime::Executor strand_ = boost::asio::make_strand(io_);
  int stalled_ = 0;
};

TEST_F(StallWatchTest, NoProgress_IsNoticedOnce) {
  const auto watch = StallWatch::Begin(strand_, kTime, [this] { ++stalled_; });
  io_.run();
  EXPECT_EQ(stalled_, 1);
}

TEST_F(StallWatchTest, ProgressFirst_IsNoticedAfterItEnds) {
  const auto watch = StallWatch::Begin(strand_, kTime, [this] { ++stalled_; });
  watch->Progress();
  io_.run_one();  // it is armed
  io_.run_one();  // it has moved
  EXPECT_EQ(stalled_, 0);
  io_.run();
  EXPECT_EQ(stalled_, 1);
}

TEST_F(StallWatchTest, Ended_IsSilentAndLetsGo) {
  auto watch = StallWatch::Begin(strand_, absl::Hours(1), [this] { ++stalled_; });
  const std::weak_ptr<StallWatch> weak = watch;
  boost::asio::post(strand_, [&watch] {
    watch->End();
    watch.reset();
  });
  io_.run();  // does not last an hour
  EXPECT_EQ(stalled_, 0);
  EXPECT_TRUE(weak.expired());
}

}  // namespace
}  // namespace seedfed

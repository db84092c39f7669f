#include "server/admission/client_connections.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace seedfed {
namespace {

TEST(ClientConnectionsTest, CallsOfOneConnection_CountAsOne) {
  ClientConnections connections(2);
  std::vector<ConnectionUse> calls;
  for (int i = 0; i < 10; ++i) {
    for (const char* where : {"ipv4:10.0.0.1:1", "ipv4:10.0.0.1:2"}) {
      calls.push_back(*connections.Use("left", where));
    }
  }
  const auto third = connections.Use("left", "ipv4:10.0.0.1:3");
  EXPECT_EQ(third.status(),
            absl::ResourceExhaustedError("client left has calls on as many other connections as it "
                                         "may: 2"));
  EXPECT_TRUE(connections.Use("left", "ipv4:10.0.0.1:1").ok());
  EXPECT_TRUE(connections.Use("right", "ipv4:10.0.0.1:3").ok());
}

TEST(ClientConnectionsTest, Connection_IsFreeWithTheEndOfItsLastCall) {
  ClientConnections connections(1);
  std::optional<ConnectionUse> first = *connections.Use("left", "a:1");
  std::optional<ConnectionUse> second = *connections.Use("left", "a:1");
  std::optional<ConnectionUse> copy = second;
  first.reset();
  EXPECT_FALSE(connections.Use("left", "a:2").ok());
  second.reset();
  EXPECT_FALSE(connections.Use("left", "a:2").ok());
  copy.reset();
  const auto other = connections.Use("left", "a:2");
  EXPECT_TRUE(other.ok());
  EXPECT_FALSE(connections.Use("left", "a:1").ok());
}

TEST(ClientConnectionsTest, Call_MayOutliveWhatCountsIt) {
  auto connections = std::make_unique<ClientConnections>(1);
  const ConnectionUse call = *connections->Use("left", "a:1");
  connections.reset();
  EXPECT_NE(call, nullptr);
}

TEST(ClientConnectionsTest, AnyThread_MayBeginAndEndCalls) {
  ClientConnections connections(4);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&connections, t] {
      for (int i = 0; i < 1000; ++i) {
        EXPECT_TRUE(connections.Use("left", absl::StrCat("a:", t)).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<ConnectionUse> calls;
  for (int i = 0; i < 4; ++i) calls.push_back(*connections.Use("left", absl::StrCat("b:", i)));
  EXPECT_FALSE(connections.Use("left", "b:4").ok());
}

}  // namespace
}  // namespace seedfed
